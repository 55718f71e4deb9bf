# Finds a JDK of at least version 25 and prints its home; prints nothing and returns 1 when there is none.
# Sourced by ./heed and ./mvnw, so that both run on the same Java whatever `java` on the PATH is.

heed_jdk_version() { # the feature version of the JDK in folder $1, empty when it is not a JDK
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

heed_find_jdk() {
  heed_path_java=$(command -v javac 2>/dev/null) || heed_path_java=
  if [ -n "$heed_path_java" ]; then
    heed_path_java=$(readlink -f "$heed_path_java" 2>/dev/null || echo "$heed_path_java")
    heed_path_java=${heed_path_java%/bin/javac}
  fi
  for heed_home in "${HEED_JAVA_HOME:-}" "${JAVA_HOME:-}" "$heed_path_java" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$heed_home" ] || continue
    heed_version=$(heed_jdk_version "$heed_home") || continue
    if [ "${heed_version:-0}" -ge 25 ]; then
      printf '%s\n' "$heed_home"
      return 0
    fi
  done
  return 1
}

heed_no_jdk_message() {
  cat >&2 <<'MESSAGE'
heed: Heed needs a JDK of version 25 or newer, and none was found.
  Debian, Ubuntu:  install temurin-25-jdk (adoptium.net) or openjdk-25-jdk
  macOS:           brew install openjdk@25
  anywhere:        unpack a JDK 25 and set JAVA_HOME (or HEED_JAVA_HOME) to its folder
MESSAGE
}
