package heed.chat;

import heed.chat.Expression.Arguments;
import heed.chat.Python.Function;
import heed.chat.Python.Namespace;
import heed.chat.Python.None;
import heed.chat.Python.Tuple;
import heed.chat.Python.Undefined;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs a template once. What it can do is bounded: so many steps, so many characters, calls so deep.
final class Renderer {
    private static final int MOST_STEPS = 5_000_000;
    private static final int DEEPEST = 100;

    /// How a list of statements came to its end.
    private enum Outcome {
        THROUGH,
        BREAK,
        CONTINUE
    }

    /// Variables, in front of those outside.
    private record Scope(
            Map<String, Object> variables, @Nullable Scope outer) {
        Scope(@Nullable Scope outer) {
            this(new HashMap<>(), outer);
        }

        Object get(String name) {
            for (Scope scope = this; scope != null; scope = scope.outer) {
                Object value = scope.variables.get(name);
                if (value != null) {
                    return value;
                }
            }
            return new Undefined("'" + name + "' is undefined");
        }
    }

    private final Scope globals = new Scope((Scope) null);
    private StringBuilder out = new StringBuilder();
    private int steps;
    private int depth;

    private Renderer(Map<String, Object> variables) {
        globals.variables.put("namespace", (Function) (_, named) -> new Namespace(new HashMap<>(named)));
        globals.variables.put("dict", (Function) (_, named) -> new LinkedHashMap<>(named));
        globals.variables.put("range", (Function) (arguments, _) -> range(arguments));
        globals.variables.putAll(variables);
    }

    /// The text of a template with these variables.
    static String render(List<Statement> template, Map<String, Object> variables) {
        var renderer = new Renderer(variables);
        try {
            renderer.run(template, new Scope(renderer.globals));
        } catch (StackOverflowError e) {
            throw Python.error("its values are nested too deeply");
        }
        return renderer.out.toString();
    }

    private static List<Object> range(List<Object> arguments) {
        long start = arguments.size() > 1 ? Python.whole(arguments.getFirst()) : 0;
        long stop = arguments.isEmpty() ? 0 : Python.whole(arguments.get(arguments.size() > 1 ? 1 : 0));
        long step = arguments.size() > 2 ? Python.whole(arguments.get(2)) : 1;
        if (step == 0 || Math.abs(stop / step - start / step) > 100_000) {
            throw Python.error("a range has a step of 0, or more than 100000 numbers");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            numbers.add(i);
        }
        return numbers;
    }

    private void step() {
        if (++steps > MOST_STEPS) {
            throw Python.error("it takes more than " + MOST_STEPS + " steps");
        }
    }

    private void print(String text) {
        Python.limited(out.length() + (long) text.length());
        out.append(text);
    }

    private Outcome run(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            step();
            Outcome outcome = run(statement, scope);
            if (outcome != Outcome.THROUGH) {
                return outcome;
            }
        }
        return Outcome.THROUGH;
    }

    private Outcome run(Statement statement, Scope scope) {
        switch (statement) {
            case Statement.Text(String text) -> print(text);
            case Statement.Print(Expression value) -> print(Python.text(value(value, scope)));
            case Statement.If choice -> {
                return run(chosen(choice, scope), scope);
            }
            case Statement.For loop -> loop(loop, scope);
            case Statement.Set set -> assign(set.targets(), value(set.value(), scope), scope);
            case Statement.SetBlock set -> assign(List.of(set.target()), captured(set.body(), new Scope(scope)), scope);
            case Statement.Macro macro -> scope.variables.put(macro.name(), macro(macro, scope));
            case Statement.With with -> {
                var inner = new Scope(scope);
                for (int i = 0; i < with.names().size(); i++) {
                    inner.variables.put(with.names().get(i), value(with.values().get(i), scope));
                }
                return run(with.body(), inner);
            }
            case Statement.FilterBlock block -> {
                Object text = captured(block.body(), new Scope(scope));
                for (Expression.Filter filter : block.filters()) {
                    text = Filters.apply(
                            filter.name(),
                            text,
                            positional(filter.arguments(), scope),
                            named(filter.arguments(), scope));
                }
                print(Python.text(text));
            }
            case Statement.Block(List<Statement> body) -> {
                return run(body, scope);
            }
            case Statement.Break _ -> {
                return Outcome.BREAK;
            }
            case Statement.Continue _ -> {
                return Outcome.CONTINUE;
            }
        }
        return Outcome.THROUGH;
    }

    private List<Statement> chosen(Statement.If choice, Scope scope) {
        for (int i = 0; i < choice.conditions().size(); i++) {
            if (Python.truth(value(choice.conditions().get(i), scope))) {
                return choice.bodies().get(i);
            }
        }
        return choice.otherwise();
    }

    private String captured(List<Statement> body, Scope scope) {
        StringBuilder outer = out;
        out = new StringBuilder();
        try {
            run(body, scope);
            return out.toString();
        } finally {
            out = outer;
        }
    }

    private void loop(Statement.For loop, Scope scope) {
        List<Object> items = Python.items(value(loop.items(), scope));
        if (loop.filter() != null) {
            List<Object> kept = new ArrayList<>();
            for (Object item : items) {
                var inner = new Scope(scope);
                assign(loop.targets(), item, inner);
                if (Python.truth(value(loop.filter(), inner))) {
                    kept.add(item);
                }
            }
            items = kept;
        }
        if (items.isEmpty()) {
            run(loop.otherwise(), scope);
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            step();
            var inner = new Scope(scope);
            inner.variables.put("loop", loopVariables(items, i));
            assign(loop.targets(), items.get(i), inner);
            if (run(loop.body(), inner) == Outcome.BREAK) {
                return;
            }
        }
    }

    private static Map<String, Object> loopVariables(List<Object> items, int index) {
        int size = items.size();
        Map<String, Object> loop = new HashMap<>();
        loop.put("index", index + 1L);
        loop.put("index0", (long) index);
        loop.put("revindex", (long) size - index);
        loop.put("revindex0", size - index - 1L);
        loop.put("first", index == 0);
        loop.put("last", index == size - 1);
        loop.put("length", (long) size);
        loop.put("previtem", index > 0 ? items.get(index - 1) : new Undefined("there is no previous item"));
        loop.put("nextitem", index < size - 1 ? items.get(index + 1) : new Undefined("there is no next item"));
        loop.put("cycle", (Function) (values, _) -> values.get(index % Math.max(1, values.size())));
        return loop;
    }

    private void assign(List<String> targets, Object value, Scope scope) {
        if (targets.size() == 1) {
            assign(targets.getFirst(), value, scope);
            return;
        }
        List<Object> items = Python.items(Python.required(value));
        if (items.size() != targets.size()) {
            throw Python.error(items.size() + " values are given to " + targets.size() + " names");
        }
        for (int i = 0; i < items.size(); i++) {
            assign(targets.get(i), items.get(i), scope);
        }
    }

    private static void assign(String target, Object value, Scope scope) {
        int dot = target.indexOf('.');
        if (dot < 0) {
            scope.variables.put(target, value);
        } else if (scope.get(target.substring(0, dot)) instanceof Namespace space) {
            space.values().put(target.substring(dot + 1), value);
        } else {
            throw Python.error("attributes can be set on a namespace only, not on " + target.substring(0, dot));
        }
    }

    private Function macro(Statement.Macro macro, Scope scope) {
        return (positional, named) -> {
            if (++depth > DEEPEST) {
                throw Python.error("macros call each other too deeply");
            }
            var inner = new Scope(scope);
            for (int i = 0; i < macro.parameters().size(); i++) {
                String name = macro.parameters().get(i);
                Expression usual = macro.defaults().get(name);
                Object given = i < positional.size() ? positional.get(i) : named.get(name);
                if (given == null) {
                    given = usual != null
                            ? value(usual, inner)
                            : new Undefined("parameter '" + name + "' was not provided");
                }
                inner.variables.put(name, given);
            }
            String text = captured(macro.body(), inner);
            depth--;
            return text;
        };
    }

    private Object value(Expression expression, Scope scope) {
        step();
        return switch (expression) {
            case Expression.Literal(Object value) -> value;
            case Expression.Name(String name) -> scope.get(name);
            case Expression.ListOf list -> {
                List<Object> items = values(list.items(), scope);
                yield list.tuple() ? new Tuple(items) : items;
            }
            case Expression.DictOf dict -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int i = 0; i < dict.keys().size(); i++) {
                    map.put(
                            value(dict.keys().get(i), scope),
                            value(dict.values().get(i), scope));
                }
                yield map;
            }
            case Expression.Attribute(Expression of, String name) -> attribute(value(of, scope), name);
            case Expression.Item(Expression of, Expression index) -> item(value(of, scope), value(index, scope));
            case Expression.Slice slice ->
                Python.slice(
                        value(slice.of(), scope),
                        slice.start() == null ? None.NONE : value(slice.start(), scope),
                        slice.stop() == null ? None.NONE : value(slice.stop(), scope),
                        slice.step() == null ? None.NONE : value(slice.step(), scope));
            case Expression.Call call -> call(call, scope);
            case Expression.Filter filter ->
                Filters.apply(
                        filter.name(),
                        value(filter.of(), scope),
                        positional(filter.arguments(), scope),
                        named(filter.arguments(), scope));
            case Expression.Test test ->
                Filters.test(test.name(), value(test.of(), scope), values(test.arguments(), scope));
            case Expression.Not(Expression of) -> !Python.truth(value(of, scope));
            case Expression.Negative(Expression of) -> Python.binary("-", 0L, value(of, scope));
            case Expression.And(Expression left, Expression right) -> {
                Object first = value(left, scope);
                yield Python.truth(first) ? value(right, scope) : first;
            }
            case Expression.Or(Expression left, Expression right) -> {
                Object first = value(left, scope);
                yield Python.truth(first) ? first : value(right, scope);
            }
            case Expression.Binary(String operator, Expression left, Expression right) ->
                operator.equals("~")
                        ? concatenated(value(left, scope), value(right, scope))
                        : Python.binary(operator, value(left, scope), value(right, scope));
            case Expression.Comparison comparison -> holds(comparison, scope);
            case Expression.Conditional choice -> {
                if (Python.truth(value(choice.condition(), scope))) {
                    yield value(choice.then(), scope);
                }
                yield choice.otherwise() == null
                        ? new Undefined("the condition does not hold and there is no else")
                        : value(choice.otherwise(), scope);
            }
        };
    }

    private static String concatenated(Object left, Object right) {
        String a = Python.text(left);
        String b = Python.text(right);
        Python.limited(a.length() + (long) b.length());
        return a + b;
    }

    private boolean holds(Expression.Comparison comparison, Scope scope) {
        Object left = value(comparison.first(), scope);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Object right = value(comparison.others().get(i), scope);
            boolean holds = switch (comparison.operators().get(i)) {
                case "==" -> Python.equal(left, right);
                case "!=" -> !Python.equal(left, right);
                case "in" -> Python.contains(right, left);
                case "not in" -> !Python.contains(right, left);
                case "<" -> Python.compare(left, right) < 0;
                case "<=" -> Python.compare(left, right) <= 0;
                case ">" -> Python.compare(left, right) > 0;
                default -> Python.compare(left, right) >= 0;
            };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    /// A method or attribute first, then an item, as Jinja looks for `value.name`.
    private static Object attribute(Object value, String name) {
        Python.required(value);
        if (value instanceof Namespace space) {
            return space.values().getOrDefault(name, new Undefined("there is no " + name));
        }
        Function method = Methods.of(value, name);
        if (method != null) {
            return method;
        }
        Object item = value instanceof Map<?, ?> map ? map.get(name) : null;
        return item != null ? item : new Undefined("'" + Python.typeName(value) + "' has no attribute '" + name + "'");
    }

    /// An item first, then a method or attribute.
    private static Object item(Object value, Object index) {
        Object item = value instanceof Namespace ? new Undefined("") : Python.item(value, index);
        return item instanceof Undefined && index instanceof String name ? attribute(value, name) : item;
    }

    private Object call(Expression.Call call, Scope scope) {
        Object function = Python.required(value(call.function(), scope));
        if (!(function instanceof Function known)) {
            throw Python.error("'" + Python.typeName(function) + "' cannot be called");
        }
        return known.call(positional(call.arguments(), scope), named(call.arguments(), scope));
    }

    private List<Object> positional(Arguments arguments, Scope scope) {
        return values(arguments.positional(), scope);
    }

    private List<Object> values(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Map<String, Object> named(Arguments arguments, Scope scope) {
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.named().forEach((name, expression) -> named.put(name, value(expression, scope)));
        return named;
    }
}
