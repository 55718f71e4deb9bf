package heed.chat;

import heed.chat.Expression.Arguments;
import heed.chat.Lexer.Kind;
import heed.chat.Lexer.Token;
import heed.chat.Python.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a template's statements and expressions, with Jinja's precedence.
final class Parser {
    private static final int DEEPEST = 200;
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

    private final List<Token> tokens;
    private int position;
    private int depth;
    private int loops;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static List<Statement> parse(String template) {
        var parser = new Parser(Lexer.tokens(template));
        List<Statement> statements = parser.statements(List.of());
        if (parser.position < parser.tokens.size()) {
            throw parser.refusal("'" + parser.peekStatement() + "' has no beginning");
        }
        return statements;
    }

    // Statements

    /// Statements up to one that begins with one of these words, which is not taken.
    private List<Statement> statements(List<String> ends) {
        if (++depth > DEEPEST) {
            throw refusal("it is nested too deeply");
        }
        List<Statement> statements = new ArrayList<>();
        while (position < tokens.size()) {
            Token token = tokens.get(position);
            switch (token.kind()) {
                case TEXT -> {
                    position++;
                    statements.add(new Statement.Text(token.text()));
                }
                case PRINT -> {
                    position++;
                    statements.add(new Statement.Print(tuple(true)));
                    end();
                }
                default -> {
                    if (ends.contains(peekStatement()) || peekStatement().matches("end\\w+|else|elif")) {
                        depth--;
                        return statements;
                    }
                    position++;
                    statements.add(statement());
                }
            }
        }
        if (!ends.isEmpty()) {
            throw refusal("it ends where " + String.join(" or ", ends) + " was expected");
        }
        depth--;
        return statements;
    }

    private String peekStatement() {
        return position + 1 < tokens.size() ? tokens.get(position + 1).text() : "";
    }

    private Statement statement() {
        String word = name();
        return switch (word) {
            case "if" -> ifStatement();
            case "for" -> forStatement();
            case "set" -> set();
            case "macro" -> macro();
            case "with" -> with();
            case "filter" -> filterBlock();
            case "generation" -> {
                end();
                yield new Statement.Block(body("endgeneration"));
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw refusal("'" + word + "' stands outside of a loop");
                }
                end();
                yield word.equals("break") ? new Statement.Break() : new Statement.Continue();
            }
            default -> throw refusal("the statement '" + word + "' is not known here");
        };
    }

    private List<Statement> body(String end) {
        List<Statement> body = statements(List.of(end));
        closing(end);
        return body;
    }

    private void closing(String word) {
        if (!peekStatement().equals(word)) {
            throw refusal("'" + peekStatement() + "' stands where '" + word + "' was expected");
        }
        position += 2;
        end();
    }

    private Statement ifStatement() {
        List<Expression> conditions = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        conditions.add(tuple(true));
        end();
        while (true) {
            List<Statement> body = statements(List.of("elif", "else", "endif"));
            bodies.add(body);
            if (peekStatement().equals("elif")) {
                position += 2;
                conditions.add(tuple(true));
                end();
                continue;
            }
            if (peekStatement().equals("else")) {
                closing("else");
                otherwise = statements(List.of("endif"));
            }
            closing("endif");
            return new Statement.If(conditions, bodies, otherwise);
        }
    }

    private Statement forStatement() {
        List<String> targets = new ArrayList<>(List.of(name()));
        while (take(",")) {
            targets.add(name());
        }
        expectName("in");
        Expression items = tuple(false);
        Expression filter = takeName("if") ? expression() : null;
        if (takeName("recursive")) {
            throw refusal("recursive loops are not known here");
        }
        end();
        loops++;
        List<Statement> body = statements(List.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (peekStatement().equals("else")) {
            closing("else");
            otherwise = statements(List.of("endfor"));
        }
        closing("endfor");
        return new Statement.For(targets, items, filter, body, otherwise);
    }

    private Statement set() {
        List<String> targets = new ArrayList<>();
        do {
            String target = name();
            targets.add(take(".") ? target + "." + name() : target);
        } while (take(","));
        if (take("=")) {
            Expression value = tuple(true);
            end();
            return new Statement.Set(targets, value);
        }
        end();
        return new Statement.SetBlock(targets.getFirst(), body("endset"));
    }

    private Statement macro() {
        String name = name();
        List<String> parameters = new ArrayList<>();
        Map<String, Expression> defaults = new LinkedHashMap<>();
        expect("(");
        while (!take(")")) {
            String parameter = name();
            parameters.add(parameter);
            if (take("=")) {
                defaults.put(parameter, expression());
            }
            if (!at(")")) {
                expect(",");
            }
        }
        end();
        int outer = loops;
        loops = 0;
        List<Statement> body = body("endmacro");
        loops = outer;
        return new Statement.Macro(name, parameters, defaults, body);
    }

    private Statement with() {
        List<String> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!atEnd()) {
            names.add(name());
            expect("=");
            values.add(expression());
            take(",");
        }
        end();
        return new Statement.With(names, values, body("endwith"));
    }

    private Statement filterBlock() {
        List<Expression.Filter> filters = new ArrayList<>();
        do {
            filters.add(new Expression.Filter(
                    new Expression.Literal(None.NONE), name(), at("(") ? arguments() : Arguments.NONE));
        } while (take("|"));
        end();
        return new Statement.FilterBlock(filters, body("endfilter"));
    }

    // Expressions, the weakest binding first

    /// One value, or several with commas between as a tuple.
    private Expression tuple(boolean conditional) {
        Expression first = conditional ? expression() : or();
        if (!at(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (take(",")) {
            if (atEnd()) {
                break;
            }
            items.add(conditional ? expression() : or());
        }
        return new Expression.ListOf(items, true);
    }

    private Expression expression() {
        if (++depth > DEEPEST) {
            throw refusal("it is nested too deeply");
        }
        Expression value = or();
        while (takeName("if")) {
            Expression condition = or();
            Expression otherwise = takeName("else") ? expression() : null;
            value = new Expression.Conditional(condition, value, otherwise);
        }
        depth--;
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (takeName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (takeName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        boolean negated = false;
        boolean any = false;
        while (takeName("not")) {
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
            Token token = peek();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                position++;
                operators.add(token.text());
            } else if (takeName("in")) {
                operators.add("in");
            } else if (token.is(Kind.NAME, "not") && tokens.get(position + 1).is(Kind.NAME, "in")) {
                position += 2;
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expression.Comparison(first, operators, others);
            }
            others.add(sum());
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (at("+") || at("-")) {
            left = new Expression.Binary(next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (take("~")) {
            left = new Expression.Binary("~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (at("*") || at("/") || at("//") || at("%")) {
            left = new Expression.Binary(next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (take("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        if (++depth > DEEPEST) {
            throw refusal("it is nested too deeply");
        }
        Expression value;
        if (take("-")) {
            value = new Expression.Negative(unary(false));
        } else if (take("+")) {
            value = unary(false);
        } else {
            value = primary();
        }
        value = postfix(value);
        depth--;
        return filters ? filtered(value) : value;
    }

    private Expression primary() {
        Token token = next();
        return switch (token.kind()) {
            case STRING -> {
                var text = new StringBuilder(token.text());
                while (peek().kind() == Kind.STRING) {
                    text.append(next().text());
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
                    default -> throw unexpected(token);
                };
            case TEXT, PRINT, STATEMENT, END -> throw unexpected(token);
        };
    }

    private long integer(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw refusal("the number " + digits + " is too large");
        }
    }

    private Expression parenthesis() {
        if (take(")")) {
            return new Expression.ListOf(List.of(), true);
        }
        Expression first = expression();
        if (take(")")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        expect(",");
        items.addAll(items(")"));
        return new Expression.ListOf(items, true);
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!take(close)) {
            items.add(expression());
            if (!at(close)) {
                expect(",");
            }
        }
        return items;
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!take("}")) {
            keys.add(expression());
            expect(":");
            values.add(expression());
            if (!at("}")) {
                expect(",");
            }
        }
        return new Expression.DictOf(keys, values);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (take(".")) {
                Token name = next();
                value = name.kind() == Kind.INTEGER
                        ? new Expression.Item(value, new Expression.Literal(integer(name.text())))
                        : new Expression.Attribute(value, required(name));
            } else if (take("[")) {
                value = subscript(value);
            } else if (at("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression of) {
        Expression start = at(":") ? null : expression();
        if (take("]") && start != null) {
            return new Expression.Item(of, start);
        }
        expect(":");
        Expression stop = at(":") || at("]") ? null : expression();
        Expression step = take(":") && !at("]") ? expression() : null;
        expect("]");
        return new Expression.Slice(of, start, stop, step);
    }

    private Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        expect("(");
        while (!take(")")) {
            if (peek().kind() == Kind.NAME && tokens.get(position + 1).is(Kind.OPERATOR, "=")) {
                String name = name();
                expect("=");
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!at(")")) {
                expect(",");
            }
        }
        return new Arguments(positional, named);
    }

    private Expression filtered(Expression start) {
        Expression value = start;
        while (true) {
            if (take("|")) {
                value = new Expression.Filter(value, name(), at("(") ? arguments() : Arguments.NONE);
            } else if (takeName("is")) {
                boolean negated = takeName("not");
                Expression test = new Expression.Test(value, name(), testArguments());
                value = negated ? new Expression.Not(test) : test;
            } else if (at("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private List<Expression> testArguments() {
        if (at("(")) {
            return arguments().positional();
        }
        Token token = peek();
        boolean argument = switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !List.of("else", "or", "and", "if", "is", "in", "not").contains(token.text());
            case OPERATOR -> at("[") || at("{");
            case TEXT, PRINT, STATEMENT, END -> false;
        };
        return argument ? List.of(postfix(primary())) : List.of();
    }

    // Words

    private Token peek() {
        if (position >= tokens.size()) {
            throw refusal("it ends in the middle of an expression");
        }
        return tokens.get(position);
    }

    private Token next() {
        Token token = peek();
        position++;
        return token;
    }

    private boolean at(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    private boolean atEnd() {
        return peek().kind() == Kind.END;
    }

    private boolean take(String operator) {
        boolean there = at(operator);
        position += there ? 1 : 0;
        return there;
    }

    private boolean takeName(String name) {
        boolean there = peek().is(Kind.NAME, name);
        position += there ? 1 : 0;
        return there;
    }

    private void expect(String operator) {
        if (!take(operator)) {
            throw refusal("'" + operator + "' was expected, '" + peek().text() + "' came");
        }
    }

    private void expectName(String name) {
        if (!takeName(name)) {
            throw refusal("'" + name + "' was expected, '" + peek().text() + "' came");
        }
    }

    private String name() {
        return required(next());
    }

    private String required(Token token) {
        if (token.kind() != Kind.NAME) {
            throw unexpected(token);
        }
        return token.text();
    }

    private void end() {
        Token token = next();
        if (token.kind() != Kind.END) {
            throw unexpected(token);
        }
    }

    private ChatException unexpected(Token token) {
        return refusal("there is an unexpected '" + token.text() + "'");
    }

    private ChatException refusal(String reason) {
        @Nullable Token token = tokens.isEmpty() ? null : tokens.get(Math.min(position, tokens.size() - 1));
        return new ChatException(
                "the chat template is broken in line " + (token == null ? 1 : token.line()) + ": " + reason);
    }
}
