package heed.chat;

import heed.chat.Expression.Arguments;
import heed.chat.Lexer.Kind;
import heed.chat.Lexer.Token;
import heed.chat.Python.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads expressions with Jinja's precedence: a method for each kind, the weakest binding first.
final class ExpressionParser {
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenCursor cursor;

    ExpressionParser(TokenCursor cursor) {
        this.cursor = cursor;
    }

    /// One value, or several with commas between as a tuple.
    Expression tuple(boolean conditional) {
        Expression first = conditional ? expression() : or();
        if (!cursor.at(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (cursor.take(",")) {
            if (cursor.atEnd()) {
                break;
            }
            items.add(conditional ? expression() : or());
        }
        return new Expression.ListOf(items, true);
    }

    Expression expression() {
        cursor.deeper();
        Expression value = or();
        while (cursor.takeName("if")) {
            Expression condition = or();
            Expression otherwise = cursor.takeName("else") ? expression() : null;
            value = new Expression.Conditional(condition, value, otherwise);
        }
        cursor.shallower();
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (cursor.takeName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (cursor.takeName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        boolean negated = false;
        boolean any = false;
        while (cursor.takeName("not")) {
            negated = !negated;
            any = true;
        }
        if (any) {
            Expression value = new Expression.Not(not());
            return negated ? value : new Expression.Not(value);
        }
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            Token token = cursor.peek();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                cursor.skip(1);
                operators.add(token.text());
            } else if (cursor.takeName("in")) {
                operators.add("in");
            } else if (cursor.at(Kind.NAME, "not", Kind.NAME, "in")) {
                cursor.skip(2);
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expression.Comparison(first, operators, others);
            }
            others.add(sum());
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (cursor.at("+") || cursor.at("-")) {
            left = new Expression.Binary(cursor.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (cursor.take("~")) {
            left = new Expression.Binary("~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (cursor.at("*") || cursor.at("/") || cursor.at("//") || cursor.at("%")) {
            left = new Expression.Binary(cursor.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (cursor.take("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        cursor.deeper();
        Expression value;
        if (cursor.take("-")) {
            value = new Expression.Negative(unary(false));
        } else if (cursor.take("+")) {
            value = unary(false);
        } else {
            value = primary();
        }
        value = postfix(value);
        cursor.shallower();
        return filters ? filtered(value) : value;
    }

    private Expression primary() {
        Token token = cursor.next();
        return switch (token.kind()) {
            case STRING -> {
                var text = new StringBuilder(token.text());
                while (cursor.peek().kind() == Kind.STRING) {
                    text.append(cursor.next().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> new Expression.Literal(integer(token.text()));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
            case NAME ->
                switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(true);
                    case "false", "False" -> new Expression.Literal(false);
                    case "none", "None" -> new Expression.Literal(None.NONE);
                    default -> new Expression.Name(token.text());
                };
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesis();
                    case "[" -> new Expression.ListOf(items("]"), false);
                    case "{" -> dict();
                    default -> throw cursor.unexpected(token);
                };
            case TEXT, PRINT, STATEMENT, END -> throw cursor.unexpected(token);
        };
    }

    private long integer(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw cursor.refusal("the number " + digits + " is too large");
        }
    }

    private Expression parenthesis() {
        if (cursor.take(")")) {
            return new Expression.ListOf(List.of(), true);
        }
        Expression first = expression();
        if (cursor.take(")")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        cursor.expect(",");
        items.addAll(items(")"));
        return new Expression.ListOf(items, true);
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!cursor.take(close)) {
            items.add(expression());
            if (!cursor.at(close)) {
                cursor.expect(",");
            }
        }
        return items;
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!cursor.take("}")) {
            keys.add(expression());
            cursor.expect(":");
            values.add(expression());
            if (!cursor.at("}")) {
                cursor.expect(",");
            }
        }
        return new Expression.DictOf(keys, values);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (cursor.take(".")) {
                Token name = cursor.next();
                value = name.kind() == Kind.INTEGER
                        ? new Expression.Item(value, new Expression.Literal(integer(name.text())))
                        : new Expression.Attribute(value, cursor.required(name));
            } else if (cursor.take("[")) {
                value = subscript(value);
            } else if (cursor.at("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression of) {
        Expression start = cursor.at(":") ? null : expression();
        if (cursor.take("]") && start != null) {
            return new Expression.Item(of, start);
        }
        cursor.expect(":");
        Expression stop = cursor.at(":") || cursor.at("]") ? null : expression();
        Expression step = cursor.take(":") && !cursor.at("]") ? expression() : null;
        cursor.expect("]");
        return new Expression.Slice(of, start, stop, step);
    }

    Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        cursor.expect("(");
        while (!cursor.take(")")) {
            if (cursor.atNamed("=")) {
                String name = cursor.name();
                cursor.expect("=");
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!cursor.at(")")) {
                cursor.expect(",");
            }
        }
        return new Arguments(positional, named);
    }

    private Expression filtered(Expression start) {
        Expression value = start;
        while (true) {
            if (cursor.take("|")) {
                value = new Expression.Filter(value, cursor.name(), cursor.at("(") ? arguments() : Arguments.NONE);
            } else if (cursor.takeName("is")) {
                boolean negated = cursor.takeName("not");
                Expression test = new Expression.Test(value, cursor.name(), testArguments());
                value = negated ? new Expression.Not(test) : test;
            } else if (cursor.at("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private List<Expression> testArguments() {
        if (cursor.at("(")) {
            return arguments().positional();
        }
        Token token = cursor.peek();
        boolean argument = switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !List.of("else", "or", "and", "if", "is", "in", "not").contains(token.text());
            case OPERATOR -> cursor.at("[") || cursor.at("{");
            case TEXT, PRINT, STATEMENT, END -> false;
        };
        return argument ? List.of(postfix(primary())) : List.of();
    }
}
