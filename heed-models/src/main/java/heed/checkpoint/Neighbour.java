package heed.checkpoint;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// A file that another file names: it must lie in the same folder. A checkpoint from a stranger could otherwise
/// make this process read any file it may read.
final class Neighbour {
    private Neighbour() {}

    /// @param path the file that names the other
    /// @param role what the other is, for messages
    static Path of(Path path, MappedFile file, String role, String name) {
        boolean plain = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c == 0);
        if (!plain) {
            throw file.refusal("it names the " + role + " " + Quoted.of(name)
                    + ", which is not the plain name of a file in the same folder");
        }
        try {
            return path.resolveSibling(name);
        } catch (InvalidPathException e) {
            throw file.refusal("it names the " + role + " " + Quoted.of(name) + ", which is no file name here", e);
        }
    }
}
