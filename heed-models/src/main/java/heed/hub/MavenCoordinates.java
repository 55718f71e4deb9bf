package heed.hub;

import java.util.regex.Pattern;

/// Where a model lies in a Maven repository: one jar of one release.
record MavenCoordinates(String group, String artifact, String version) {
    static final String SCHEME = "maven:";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

    /// Reads `maven:group:artifact:version`.
    static MavenCoordinates parse(String reference) {
        String[] parts = reference.substring(SCHEME.length()).split(":", -1);
        if (parts.length != 3) {
            throw new HubException("'%s' is not of the form maven:group:artifact:version".formatted(reference));
        }
        for (String part : parts) {
            if (!NAME.matcher(part).matches()) {
                throw new HubException("'%s' is not of the form maven:group:artifact:version: '%s' is no name"
                        .formatted(reference, part));
            }
        }
        // What is cached under a version must still be that version tomorrow.
        String version = parts[2];
        if (version.endsWith("-SNAPSHOT") || version.equals("LATEST") || version.equals("RELEASE")) {
            throw new HubException("'%s': a model needs a fixed version, %s may change".formatted(reference, version));
        }
        return new MavenCoordinates(parts[0], parts[1], version);
    }

    /// Whether the other one is this model too, perhaps in another version.
    boolean sameArtifact(MavenCoordinates other) {
        return group.equals(other.group) && artifact.equals(other.artifact);
    }

    /// The name of the folder that holds the unpacked model.
    String folderName() {
        return group + "_" + artifact + "_" + version;
    }

    @Override
    public String toString() {
        return SCHEME + group + ":" + artifact + ":" + version;
    }
}
