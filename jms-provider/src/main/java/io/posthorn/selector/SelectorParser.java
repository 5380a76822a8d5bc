package io.posthorn.selector;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recursive descent over the grammar of 3.8.1.1; used once per selector text.
 *
 * <pre>
 * condition  = conjunct { OR conjunct }
 * conjunct   = negation { AND negation }
 * negation   = NOT negation | predicate
 * predicate  = sum [ comparison | range | membership | pattern | nullness ]
 * sum        = product { (+|-) product }
 * product    = signed { (*|/) signed }
 * signed     = (+|-) signed | primary
 * primary    = literal | identifier | ( condition )
 * </pre>
 *
 * What stands in parentheses may turn out a value or a condition; whoever wants one of the two checks.
 */
final class SelectorParser {

    private static final List<String> HEADERS =
            List.of("JMSDeliveryMode", "JMSPriority", "JMSMessageID", "JMSTimestamp", "JMSCorrelationID", "JMSType");

    private final String text;
    private final SelectorLexer lexer;
    private final Set<String> identifiers = new HashSet<>();
    private int depth;

    SelectorParser(String text) {
        this.text = text;
        this.lexer = new SelectorLexer(text);
    }

    Selector parse() {
        if (text.length() > Selector.TEXT_MAX_BYTES
                || text.getBytes(StandardCharsets.UTF_8).length > Selector.TEXT_MAX_BYTES) {
            throw new SelectorSyntaxException(
                    Selector.TEXT_MAX_BYTES, "a selector has at most " + Selector.TEXT_MAX_BYTES + " bytes");
        }
        lexer.advance();
        if (lexer.kind() == TokenKind.END) {
            throw new SelectorSyntaxException(0, "the selector is empty");
        }
        Condition root = asCondition(condition(), 0);
        if (lexer.kind() != TokenKind.END) {
            throw unexpected("the end of the selector");
        }
        return new Selector(text, root, identifiers);
    }

    private Node condition() {
        int position = lexer.position();
        Node first = conjunct();
        if (lexer.kind() != TokenKind.OR) {
            return first;
        }
        List<Condition> parts = new ArrayList<>();
        parts.add(asCondition(first, position));
        while (accept(TokenKind.OR)) {
            int next = lexer.position();
            parts.add(asCondition(conjunct(), next));
        }
        return new AnyOf(parts.toArray(Condition[]::new));
    }

    private Node conjunct() {
        int position = lexer.position();
        Node first = negation();
        if (lexer.kind() != TokenKind.AND) {
            return first;
        }
        List<Condition> parts = new ArrayList<>();
        parts.add(asCondition(first, position));
        while (accept(TokenKind.AND)) {
            int next = lexer.position();
            parts.add(asCondition(negation(), next));
        }
        return new AllOf(parts.toArray(Condition[]::new));
    }

    private Node negation() {
        if (!accept(TokenKind.NOT)) {
            return predicate();
        }
        enter();
        int position = lexer.position();
        Condition inner = asCondition(negation(), position);
        depth--;
        return new Not(inner);
    }

    private Node predicate() {
        int position = lexer.position();
        boolean bare = lexer.kind() == TokenKind.IDENTIFIER;
        Node left = sum();
        Operator operator = comparisonOperator();
        if (operator != null) {
            return comparison(asValue(left, position), operator, position);
        }
        int predicateAt = lexer.position();
        boolean negated = accept(TokenKind.NOT);
        switch (lexer.kind()) {
            case BETWEEN:
                lexer.advance();
                return between(asNumeric(left, position), negated);
            case IN:
                lexer.advance();
                return in(bareIdentifier(left, bare, position, "IN"), negated);
            case LIKE:
                lexer.advance();
                return like(bareIdentifier(left, bare, position, "LIKE"), negated);
            case IS:
                if (negated) {
                    throw unexpected("BETWEEN, IN or LIKE after NOT");
                }
                lexer.advance();
                return nullTest(bareIdentifier(left, bare, position, "IS NULL"));
            default:
                if (negated) {
                    throw new SelectorSyntaxException(
                            predicateAt, "NOT stands before a condition or before BETWEEN, IN or LIKE");
                }
                return left;
        }
    }

    private Operator comparisonOperator() {
        return switch (lexer.kind()) {
            case EQUAL -> Operator.EQUAL;
            case NOT_EQUAL -> Operator.NOT_EQUAL;
            case LESS -> Operator.LESS;
            case LESS_OR_EQUAL -> Operator.LESS_OR_EQUAL;
            case GREATER -> Operator.GREATER;
            case GREATER_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
            default -> null;
        };
    }

    private Condition comparison(Value left, Operator operator, int position) {
        int operatorAt = lexer.position();
        lexer.advance();
        int rightAt = lexer.position();
        Value right = asValue(sum(), rightAt);
        if (operator.isOrdering() && (isUnordered(left) || isUnordered(right))) {
            throw new SelectorSyntaxException(operatorAt, "strings and booleans compare with = and <> only");
        }
        if (left instanceof Literal l && right instanceof Literal r) {
            refuseUnlike(l, r, operatorAt);
            return new Constant(operator.compare(l.value(), r.value()));
        }
        if (left instanceof Identifier l && right instanceof Literal r) {
            return withConstant(l, operator, r);
        }
        if (left instanceof Literal l && right instanceof Identifier r) {
            return withConstant(r, operator.mirrored(), l);
        }
        return new Comparison(left, operator, right);
    }

    /** What could never be true is a mistake, as {@code TRUE = 0}, which takes a reserved word for an identifier. */
    private static void refuseUnlike(Literal left, Literal right, int position) {
        boolean alike = left.value() instanceof Number || left.value() == null
                ? right.value() instanceof Number || right.value() == null
                : right.value() != null
                        && left.value().getClass() == right.value().getClass();
        if (!alike) {
            throw new SelectorSyntaxException(position, "constants of unlike types are never equal");
        }
    }

    private static Condition withConstant(Identifier identifier, Operator operator, Literal literal) {
        Object constant = literal.value();
        if (constant instanceof Number number) {
            return new NumberTest(identifier.name(), operator, number);
        }
        if (constant == null) {
            return new Constant(Condition.UNKNOWN);
        }
        return new EqualityTest(identifier.name(), operator == Operator.EQUAL, constant);
    }

    private Condition between(Value operand, boolean negated) {
        int lowAt = lexer.position();
        Value low = asNumeric(sum(), lowAt);
        expect(TokenKind.AND);
        int highAt = lexer.position();
        Value high = asNumeric(sum(), highAt);
        return new Between(operand, negated, low, high);
    }

    private Condition in(String name, boolean negated) {
        expect(TokenKind.LEFT);
        Set<String> list = new HashSet<>();
        do {
            list.add(stringLiteral());
        } while (accept(TokenKind.COMMA));
        expect(TokenKind.RIGHT);
        return new InList(name, negated, list);
    }

    private Condition like(String name, boolean negated) {
        int patternAt = lexer.position();
        String pattern = stringLiteral();
        int escape = LikePattern.NO_ESCAPE;
        if (accept(TokenKind.ESCAPE)) {
            int escapeAt = lexer.position();
            String character = stringLiteral();
            if (character.codePointCount(0, character.length()) != 1) {
                throw new SelectorSyntaxException(escapeAt, "ESCAPE wants a string of exactly one character");
            }
            escape = character.codePointAt(0);
        }
        LikePattern compiled = LikePattern.compile(pattern, escape);
        if (compiled == null) {
            throw new SelectorSyntaxException(patternAt, "the pattern ends with its escape character");
        }
        return new Like(name, negated, compiled);
    }

    private Condition nullTest(String name) {
        boolean negated = accept(TokenKind.NOT);
        expect(TokenKind.NULL);
        return new NullTest(name, negated);
    }

    private Node sum() {
        int position = lexer.position();
        Node left = product();
        while (lexer.kind() == TokenKind.PLUS || lexer.kind() == TokenKind.MINUS) {
            char operator = lexer.kind() == TokenKind.PLUS ? '+' : '-';
            lexer.advance();
            int rightAt = lexer.position();
            left = arithmetic(operator, asNumeric(left, position), asNumeric(product(), rightAt));
        }
        return left;
    }

    private Node product() {
        int position = lexer.position();
        Node left = signed();
        while (lexer.kind() == TokenKind.STAR || lexer.kind() == TokenKind.SLASH) {
            char operator = lexer.kind() == TokenKind.STAR ? '*' : '/';
            lexer.advance();
            int rightAt = lexer.position();
            left = arithmetic(operator, asNumeric(left, position), asNumeric(signed(), rightAt));
        }
        return left;
    }

    private Node signed() {
        boolean minus = lexer.kind() == TokenKind.MINUS;
        if (!minus && lexer.kind() != TokenKind.PLUS) {
            return primary();
        }
        enter();
        lexer.advance();
        if (minus && lexer.kind() == TokenKind.EXACT && lexer.number() == null) {
            lexer.advance();
            depth--;
            return new Literal(Long.MIN_VALUE);
        }
        int position = lexer.position();
        Value operand = asNumeric(signed(), position);
        depth--;
        return arithmetic(minus ? 'n' : 'p', operand, null);
    }

    /** Arithmetic on constants is done here, once. */
    private Value arithmetic(char operator, Value left, Value right) {
        Arithmetic node = new Arithmetic(operator, left, right);
        if (left instanceof Literal && (right == null || right instanceof Literal)) {
            return new Literal(node.value(null));
        }
        if (node.depth() > Selector.DEPTH_MAX) {
            throw tooDeep();
        }
        return node;
    }

    private Node primary() {
        Node node;
        switch (lexer.kind()) {
            case IDENTIFIER:
                node = new Identifier(checked(lexer.string()));
                break;
            case STRING:
                node = new Literal(lexer.string());
                break;
            case TRUE:
                node = new Literal(Boolean.TRUE);
                break;
            case FALSE:
                node = new Literal(Boolean.FALSE);
                break;
            case EXACT, APPROXIMATE:
                if (lexer.number() == null) {
                    throw new SelectorSyntaxException(
                            lexer.position(), "the number " + lexer.shown() + " is out of range");
                }
                node = new Literal(lexer.number());
                break;
            case LEFT:
                return parenthesised();
            default:
                throw unexpected("an identifier, a literal or '('");
        }
        lexer.advance();
        return node;
    }

    private Node parenthesised() {
        enter();
        lexer.advance();
        Node inner = condition();
        expect(TokenKind.RIGHT);
        depth--;
        return inner;
    }

    private String checked(String name) {
        if (name.startsWith("JMS") && !name.startsWith("JMSX") && !name.startsWith("JMS_") && !HEADERS.contains(name)) {
            throw new SelectorSyntaxException(
                    lexer.position(), "a selector may not name the header field " + name + "; it may name " + HEADERS);
        }
        identifiers.add(name);
        return name;
    }

    private static Condition asCondition(Node node, int position) {
        if (node instanceof Condition condition) {
            return condition;
        }
        if (node instanceof Identifier identifier) {
            return new Flag(identifier.name());
        }
        if (node instanceof Literal literal && literal.value() instanceof Boolean truth) {
            return new Constant(Condition.of(truth));
        }
        throw new SelectorSyntaxException(position, "a condition is expected here, not a value");
    }

    private static Value asValue(Node node, int position) {
        if (node instanceof Value value) {
            return value;
        }
        throw new SelectorSyntaxException(position, "a value is expected here, not a condition");
    }

    private static Value asNumeric(Node node, int position) {
        Value value = asValue(node, position);
        if (isUnordered(value)) {
            throw new SelectorSyntaxException(position, "a number is expected here, not a string or boolean");
        }
        return value;
    }

    private static boolean isUnordered(Value value) {
        return value instanceof Literal literal
                && (literal.value() instanceof String || literal.value() instanceof Boolean);
    }

    private static String bareIdentifier(Node left, boolean bare, int position, String predicate) {
        if (bare && left instanceof Identifier identifier) {
            return identifier.name();
        }
        throw new SelectorSyntaxException(position, predicate + " wants an identifier on its left");
    }

    private String stringLiteral() {
        if (lexer.kind() != TokenKind.STRING) {
            throw unexpected(TokenKind.STRING.look);
        }
        String value = lexer.string();
        lexer.advance();
        return value;
    }

    private boolean accept(TokenKind kind) {
        if (lexer.kind() != kind) {
            return false;
        }
        lexer.advance();
        return true;
    }

    private void expect(TokenKind kind) {
        if (!accept(kind)) {
            throw unexpected(kind.look);
        }
    }

    private void enter() {
        if (++depth > Selector.DEPTH_MAX) {
            throw tooDeep();
        }
    }

    private SelectorSyntaxException tooDeep() {
        return new SelectorSyntaxException(
                lexer.position(), "a selector may be nested " + Selector.DEPTH_MAX + " deep at most");
    }

    private SelectorSyntaxException unexpected(String expected) {
        return new SelectorSyntaxException(lexer.position(), "expected " + expected + ", found " + lexer.shown());
    }
}
