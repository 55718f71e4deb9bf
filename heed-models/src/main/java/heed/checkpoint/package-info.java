/// Files of weights: safetensors (one or several), ONNX initialisers, TensorFlow bundles, behind one contract.
/// The only package that knows what such files look like.
@NullMarked
package heed.checkpoint;

import org.jspecify.annotations.NullMarked;
