package io.posthorn.selector;

/** A comparison of an identifier with a numeric constant. */
final class NumberTest implements Condition {

    private final String name;
    private final Operator operator;
    private final boolean exact;
    private final long exactValue;
    private final double value;

    NumberTest(String name, Operator operator, Number constant) {
        this.name = name;
        this.operator = operator;
        this.exact = Numbers.isExact(constant);
        this.exactValue = constant.longValue();
        this.value = constant.doubleValue();
    }

    @Override
    public int test(PropertySource source) {
        Object found = source.value(name);
        if (found == null) {
            return UNKNOWN;
        }
        if (!(found instanceof Number number)) {
            return FALSE;
        }
        return Condition.of(
                exact && Numbers.isExact(number)
                        ? operator.holds(number.longValue(), exactValue)
                        : operator.holds(number.doubleValue(), value));
    }
}
