package heed.chat;

import heed.chat.Lexer.Kind;
import heed.chat.Lexer.Token;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place in a template's tokens, and how deeply what is read there is nested.
final class TokenCursor {
    private static final int DEEPEST = 200;

    private final List<Token> tokens;
    private int position;
    private int depth;

    TokenCursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    boolean atEndOfTemplate() {
        return position >= tokens.size();
    }

    void deeper() {
        if (++depth > DEEPEST) {
            throw refusal("it is nested too deeply");
        }
    }

    void shallower() {
        depth--;
    }

    void skip(int count) {
        position += count;
    }

    /// The word that a statement begins with, when one begins here.
    String peekStatement() {
        return position + 1 < tokens.size() ? tokens.get(position + 1).text() : "";
    }

    /// Whether this token and the next one are these.
    boolean at(Kind kind, String text, Kind nextKind, String nextText) {
        return peek().is(kind, text) && tokens.get(position + 1).is(nextKind, nextText);
    }

    /// Whether a name and then this operator stand here.
    boolean atNamed(String operator) {
        return peek().kind() == Kind.NAME && tokens.get(position + 1).is(Kind.OPERATOR, operator);
    }

    Token peek() {
        if (position >= tokens.size()) {
            throw refusal("it ends in the middle of an expression");
        }
        return tokens.get(position);
    }

    Token next() {
        Token token = peek();
        position++;
        return token;
    }

    boolean at(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    boolean atEnd() {
        return peek().kind() == Kind.END;
    }

    boolean take(String operator) {
        boolean there = at(operator);
        position += there ? 1 : 0;
        return there;
    }

    boolean takeName(String name) {
        boolean there = peek().is(Kind.NAME, name);
        position += there ? 1 : 0;
        return there;
    }

    void expect(String operator) {
        if (!take(operator)) {
            throw refusal("'" + operator + "' was expected, '" + peek().text() + "' came");
        }
    }

    void expectName(String name) {
        if (!takeName(name)) {
            throw refusal("'" + name + "' was expected, '" + peek().text() + "' came");
        }
    }

    String name() {
        return required(next());
    }

    String required(Token token) {
        if (token.kind() != Kind.NAME) {
            throw unexpected(token);
        }
        return token.text();
    }

    void end() {
        Token token = next();
        if (token.kind() != Kind.END) {
            throw unexpected(token);
        }
    }

    ChatException unexpected(Token token) {
        return refusal("there is an unexpected '" + token.text() + "'");
    }

    ChatException refusal(String reason) {
        @Nullable Token token = tokens.isEmpty() ? null : tokens.get(Math.min(position, tokens.size() - 1));
        return new ChatException(
                "the chat template is broken in line " + (token == null ? 1 : token.line()) + ": " + reason);
    }
}
