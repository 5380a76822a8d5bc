package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The eight property types, set and read in every combination: on a new message, on a received one, and on a producer. */
class PropertyConversionsIT extends ConformanceTest {

    /** The types that have a getter. */
    private enum Type {
        BOOLEAN,
        BYTE,
        SHORT,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        STRING
    }

    private static final Map<Type, Object> VALUES = Map.of(
            Type.BOOLEAN,
            true,
            Type.BYTE,
            (byte) 1,
            Type.SHORT,
            (short) 1,
            Type.INT,
            1,
            Type.LONG,
            1L,
            Type.FLOAT,
            1f,
            Type.DOUBLE,
            1d,
            Type.STRING,
            "1");

    private static final Map<Type, Set<Type>> READABLE_AS = Map.of(
            Type.BOOLEAN, EnumSet.of(Type.BOOLEAN, Type.STRING),
            Type.BYTE, EnumSet.of(Type.BYTE, Type.SHORT, Type.INT, Type.LONG, Type.STRING),
            Type.SHORT, EnumSet.of(Type.SHORT, Type.INT, Type.LONG, Type.STRING),
            Type.INT, EnumSet.of(Type.INT, Type.LONG, Type.STRING),
            Type.LONG, EnumSet.of(Type.LONG, Type.STRING),
            Type.FLOAT, EnumSet.of(Type.FLOAT, Type.DOUBLE, Type.STRING),
            Type.DOUBLE, EnumSet.of(Type.DOUBLE, Type.STRING),
            Type.STRING, EnumSet.allOf(Type.class));

    /** Where properties can be: the same calls on a message and on a producer of the simplified API. */
    private interface Holder {

        void set(String name, Object value) throws JMSException;

        Object get(Type type, String name) throws JMSException;

        Object getObject(String name) throws JMSException;
    }

    private record MessageHolder(Message written, Message read) implements Holder {

        @Override
        public void set(String name, Object value) throws JMSException {
            written.setObjectProperty(name, value);
        }

        @Override
        public Object get(Type type, String name) throws JMSException {
            return switch (type) {
                case BOOLEAN -> read.getBooleanProperty(name);
                case BYTE -> read.getByteProperty(name);
                case SHORT -> read.getShortProperty(name);
                case INT -> read.getIntProperty(name);
                case LONG -> read.getLongProperty(name);
                case FLOAT -> read.getFloatProperty(name);
                case DOUBLE -> read.getDoubleProperty(name);
                case STRING -> read.getStringProperty(name);
            };
        }

        @Override
        public Object getObject(String name) throws JMSException {
            return read.getObjectProperty(name);
        }
    }

    private record ProducerHolder(JMSProducer producer) implements Holder {

        @Override
        public void set(String name, Object value) {
            producer.setProperty(name, value);
        }

        @Override
        public Object get(Type type, String name) {
            return switch (type) {
                case BOOLEAN -> producer.getBooleanProperty(name);
                case BYTE -> producer.getByteProperty(name);
                case SHORT -> producer.getShortProperty(name);
                case INT -> producer.getIntProperty(name);
                case LONG -> producer.getLongProperty(name);
                case FLOAT -> producer.getFloatProperty(name);
                case DOUBLE -> producer.getDoubleProperty(name);
                case STRING -> producer.getStringProperty(name);
            };
        }

        @Override
        public Object getObject(String name) {
            return producer.getObjectProperty(name);
        }
    }

    private enum Place {
        NEW_MESSAGE(MessageFormatException.class),
        RECEIVED_MESSAGE(MessageFormatException.class),
        PRODUCER(MessageFormatRuntimeException.class);

        private final Class<? extends Exception> refusal;

        Place(Class<? extends Exception> refusal) {
            this.refusal = refusal;
        }
    }

    private Session session;

    @BeforeEach
    void open() throws JMSException {
        session = connect().createSession();
    }

    /** A holder with these properties, and null under "nothing". */
    private Holder holder(Place place, Map<String, Object> values) throws JMSException {
        if (place == Place.PRODUCER) {
            JMSProducer producer = context().createProducer();
            return filled(new ProducerHolder(producer), values);
        }
        Message message = session.createMessage();
        Holder fresh = filled(new MessageHolder(message, message), values);
        if (place == Place.NEW_MESSAGE) {
            return fresh;
        }
        Queue queue = session.createQueue(name("queue"));
        session.createProducer(queue).send(message);
        Message received = session.createConsumer(queue).receive(COMES_MS);
        assertNotNull(received, "no message came");
        return new MessageHolder(message, received);
    }

    private static Holder filled(Holder holder, Map<String, Object> values) throws JMSException {
        for (Map.Entry<String, Object> value : values.entrySet()) {
            holder.set(value.getKey(), value.getValue());
        }
        holder.set("nothing", null);
        return holder;
    }

    @ParameterizedTest
    @EnumSource
    @Checklist({"10.01", "10.03", "10.07"})
    void everyTypeIsReadAsEveryOther(Place place) throws JMSException {
        for (Type set : Type.values()) {
            Object value = VALUES.get(set);
            Holder holder = holder(place, Map.of("p", value));
            assertEquals(value, holder.getObject("p"));
            for (Type read : Type.values()) {
                String what = set + " as " + read;
                if (READABLE_AS.get(set).contains(read)) {
                    assertEquals(expected(value, read), holder.get(read, "p"), what);
                } else {
                    assertThrows(place.refusal, () -> holder.get(read, "p"), what);
                }
            }
        }
    }

    private static Object expected(Object value, Type read) {
        if (read == Type.STRING) {
            return value.toString();
        }
        if (read == Type.BOOLEAN) {
            // The text "1" is not "true".
            return value.equals(true);
        }
        return VALUES.get(read);
    }

    @ParameterizedTest
    @EnumSource
    @Checklist("10.04")
    void textIsReadAsItsWrapperReadsIt(Place place) throws JMSException {
        Holder holder = holder(
                place,
                Map.of("bad", "four", "empty", "", "large", "300", "yes", "TRUE", "no", "yes", "float", " 1.5e3 "));
        for (Type number : EnumSet.range(Type.BYTE, Type.DOUBLE)) {
            assertThrows(NumberFormatException.class, () -> holder.get(number, "bad"), number::name);
            assertThrows(NumberFormatException.class, () -> holder.get(number, "empty"), number::name);
        }
        assertThrows(NumberFormatException.class, () -> holder.get(Type.BYTE, "large"));
        assertThrows(NumberFormatException.class, () -> holder.get(Type.INT, "float"));
        assertEquals((short) 300, holder.get(Type.SHORT, "large"));
        assertEquals(1_500f, holder.get(Type.FLOAT, "float"));
        assertEquals(1_500d, holder.get(Type.DOUBLE, "float"));
        assertEquals(true, holder.get(Type.BOOLEAN, "yes"));
        for (String no : List.of("no", "bad", "empty")) {
            assertEquals(false, holder.get(Type.BOOLEAN, no));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Checklist("10.05")
    void whatIsNotThereIsReadAsNull(Place place) throws JMSException {
        Holder holder = holder(place, Map.of());
        for (String name : List.of("missing", "nothing")) {
            assertEquals(false, holder.get(Type.BOOLEAN, name));
            assertNull(holder.get(Type.STRING, name));
            assertNull(holder.getObject(name));
            for (Type number : EnumSet.range(Type.BYTE, Type.LONG)) {
                assertThrows(NumberFormatException.class, () -> holder.get(number, name), number::name);
            }
            for (Type number : EnumSet.of(Type.FLOAT, Type.DOUBLE)) {
                assertThrows(NullPointerException.class, () -> holder.get(number, name), number::name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"NEW_MESSAGE", "PRODUCER"})
    @Checklist("10.06")
    void otherObjectsAreNoProperties(Place place) throws JMSException {
        Holder holder = holder(place, Map.of());
        for (Object bad : new Object[] {'c', new byte[1], new Object(), List.of(1), new StringBuilder("x")}) {
            assertThrows(place.refusal, () -> holder.set("p", bad));
        }
        assertNull(holder.getObject("p"));
        for (Object good : VALUES.values()) {
            holder.set("p", good);
            assertEquals(good, holder.getObject("p"));
        }
    }
}
