/// Numbers as pictures: SVG that needs nothing else.
@NullMarked
package heed.chart;

import org.jspecify.annotations.NullMarked;
