package heed.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a template does.
sealed interface Statement {
    record Text(String text) implements Statement {}

    record Print(Expression value) implements Statement {}

    record If(List<Expression> conditions, List<List<Statement>> bodies, List<Statement> otherwise)
            implements Statement {}

    record For(
            List<String> targets,
            Expression items,
            @Nullable Expression filter,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /// @param targets names, or `object.attribute` of a namespace
    record Set(List<String> targets, Expression value) implements Statement {}

    record SetBlock(String target, List<Statement> body) implements Statement {}

    record Macro(String name, List<String> parameters, Map<String, Expression> defaults, List<Statement> body)
            implements Statement {}

    record With(List<String> names, List<Expression> values, List<Statement> body) implements Statement {}

    record FilterBlock(List<Expression.Filter> filters, List<Statement> body) implements Statement {}

    /// The statements as they are: a region that only training cares about.
    record Block(List<Statement> body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}
}
