/// Attention made visible: heat maps for the terminal, SVG, and pages that need nothing else.
@NullMarked
package heed.lens;

import org.jspecify.annotations.NullMarked;
