/// Conversations as the text that a model was trained with: chat templates, which checkpoints bring along as
/// Jinja, and the part of Jinja that they use. Templates come from strangers: they compute on values that they
/// are given and reach nothing else, within limits of time and size.
@NullMarked
package heed.chat;

import org.jspecify.annotations.NullMarked;
