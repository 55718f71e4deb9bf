/// What the tests of several packages share: settings to run in, seeded random parts, and a watch that
/// remembers.
@NullMarked
package heed.testing;

import org.jspecify.annotations.NullMarked;
