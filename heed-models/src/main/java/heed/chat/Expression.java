package heed.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a template computes.
sealed interface Expression {
    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListOf(List<Expression> items, boolean tuple) implements Expression {}

    record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

    record Attribute(Expression of, String name) implements Expression {}

    record Item(Expression of, Expression index) implements Expression {}

    record Slice(
            Expression of,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step) implements Expression {}

    record Call(Expression function, Arguments arguments) implements Expression {}

    record Filter(Expression of, String name, Arguments arguments) implements Expression {}

    record Test(Expression of, String name, List<Expression> arguments) implements Expression {}

    record Not(Expression of) implements Expression {}

    record Negative(Expression of) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /// `a < b <= c`: all comparisons hold, each operand is computed once.
    record Comparison(Expression first, List<String> operators, List<Expression> others) implements Expression {}

    record Conditional(
            Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {}

    /// What a function is called with.
    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }
}
