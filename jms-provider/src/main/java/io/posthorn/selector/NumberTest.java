package io.posthorn.selector;

/** A comparison of an identifier with a numeric constant. */
final class NumberTest implements Condition {

    private final String name;
    private final Operator operator;
    private final int type;
    private final long exact;
    private final float single;
    private final double value;

    NumberTest(String name, Operator operator, Number constant) {
        this.name = name;
        this.operator = operator;
        this.type = Numbers.typeOf(constant);
        this.exact = constant.longValue();
        this.single = constant.floatValue();
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
                switch (Math.max(type, Numbers.typeOf(number))) {
                    case Numbers.DOUBLE -> operator.holds(number.doubleValue(), value);
                    case Numbers.FLOAT -> operator.holds((double) number.floatValue(), single);
                    default -> operator.holds(number.longValue(), exact);
                });
    }
}
