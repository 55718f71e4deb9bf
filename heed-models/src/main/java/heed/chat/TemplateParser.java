package heed.chat;

import heed.chat.Expression.Arguments;
import heed.chat.Lexer.Token;
import heed.chat.Python.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a template's statements.
final class TemplateParser {
    private final TokenCursor cursor;
    private final ExpressionParser expressions;
    private int loops;

    private TemplateParser(TokenCursor cursor) {
        this.cursor = cursor;
        this.expressions = new ExpressionParser(cursor);
    }

    static List<Statement> parse(String template) {
        var parser = new TemplateParser(new TokenCursor(Lexer.tokens(template)));
        List<Statement> statements = parser.statements(List.of());
        if (!parser.cursor.atEndOfTemplate()) {
            throw parser.cursor.refusal("'" + parser.cursor.peekStatement() + "' has no beginning");
        }
        return statements;
    }

    /// Statements up to one that begins with one of these words, which is not taken.
    private List<Statement> statements(List<String> ends) {
        cursor.deeper();
        List<Statement> statements = new ArrayList<>();
        while (!cursor.atEndOfTemplate()) {
            Token token = cursor.peek();
            switch (token.kind()) {
                case TEXT -> {
                    cursor.skip(1);
                    statements.add(new Statement.Text(token.text()));
                }
                case PRINT -> {
                    cursor.skip(1);
                    statements.add(new Statement.Print(expressions.tuple(true)));
                    cursor.end();
                }
                default -> {
                    if (ends.contains(cursor.peekStatement())
                            || cursor.peekStatement().matches("end\\w+|else|elif")) {
                        cursor.shallower();
                        return statements;
                    }
                    cursor.skip(1);
                    statements.add(statement());
                }
            }
        }
        if (!ends.isEmpty()) {
            throw cursor.refusal("it ends where " + String.join(" or ", ends) + " was expected");
        }
        cursor.shallower();
        return statements;
    }

    private Statement statement() {
        String word = cursor.name();
        return switch (word) {
            case "if" -> ifStatement();
            case "for" -> forStatement();
            case "set" -> set();
            case "macro" -> macro();
            case "with" -> with();
            case "filter" -> filterBlock();
            case "generation" -> {
                cursor.end();
                yield new Statement.Block(body("endgeneration"));
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw cursor.refusal("'" + word + "' stands outside of a loop");
                }
                cursor.end();
                yield word.equals("break") ? new Statement.Break() : new Statement.Continue();
            }
            default -> throw cursor.refusal("the statement '" + word + "' is not known here");
        };
    }

    private List<Statement> body(String end) {
        List<Statement> body = statements(List.of(end));
        closing(end);
        return body;
    }

    private void closing(String word) {
        if (!cursor.peekStatement().equals(word)) {
            throw cursor.refusal("'" + cursor.peekStatement() + "' stands where '" + word + "' was expected");
        }
        cursor.skip(2);
        cursor.end();
    }

    private Statement ifStatement() {
        List<Expression> conditions = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        conditions.add(expressions.tuple(true));
        cursor.end();
        while (true) {
            List<Statement> body = statements(List.of("elif", "else", "endif"));
            bodies.add(body);
            if (cursor.peekStatement().equals("elif")) {
                cursor.skip(2);
                conditions.add(expressions.tuple(true));
                cursor.end();
                continue;
            }
            if (cursor.peekStatement().equals("else")) {
                closing("else");
                otherwise = statements(List.of("endif"));
            }
            closing("endif");
            return new Statement.If(conditions, bodies, otherwise);
        }
    }

    private Statement forStatement() {
        List<String> targets = new ArrayList<>(List.of(cursor.name()));
        while (cursor.take(",")) {
            targets.add(cursor.name());
        }
        cursor.expectName("in");
        Expression items = expressions.tuple(false);
        Expression filter = cursor.takeName("if") ? expressions.expression() : null;
        if (cursor.takeName("recursive")) {
            throw cursor.refusal("recursive loops are not known here");
        }
        cursor.end();
        loops++;
        List<Statement> body = statements(List.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (cursor.peekStatement().equals("else")) {
            closing("else");
            otherwise = statements(List.of("endfor"));
        }
        closing("endfor");
        return new Statement.For(targets, items, filter, body, otherwise);
    }

    private Statement set() {
        List<String> targets = new ArrayList<>();
        do {
            String target = cursor.name();
            targets.add(cursor.take(".") ? target + "." + cursor.name() : target);
        } while (cursor.take(","));
        if (cursor.take("=")) {
            Expression value = expressions.tuple(true);
            cursor.end();
            return new Statement.Set(targets, value);
        }
        cursor.end();
        return new Statement.SetBlock(targets.getFirst(), body("endset"));
    }

    private Statement macro() {
        String name = cursor.name();
        List<String> parameters = new ArrayList<>();
        Map<String, Expression> defaults = new LinkedHashMap<>();
        cursor.expect("(");
        while (!cursor.take(")")) {
            String parameter = cursor.name();
            parameters.add(parameter);
            if (cursor.take("=")) {
                defaults.put(parameter, expressions.expression());
            }
            if (!cursor.at(")")) {
                cursor.expect(",");
            }
        }
        cursor.end();
        int outer = loops;
        loops = 0;
        List<Statement> body = body("endmacro");
        loops = outer;
        return new Statement.Macro(name, parameters, defaults, body);
    }

    private Statement with() {
        List<String> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!cursor.atEnd()) {
            names.add(cursor.name());
            cursor.expect("=");
            values.add(expressions.expression());
            cursor.take(",");
        }
        cursor.end();
        return new Statement.With(names, values, body("endwith"));
    }

    private Statement filterBlock() {
        List<Expression.Filter> filters = new ArrayList<>();
        do {
            filters.add(new Expression.Filter(
                    new Expression.Literal(None.NONE),
                    cursor.name(),
                    cursor.at("(") ? expressions.arguments() : Arguments.NONE));
        } while (cursor.take("|"));
        cursor.end();
        return new Statement.FilterBlock(filters, body("endfilter"));
    }
}
