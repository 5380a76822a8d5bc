package io.posthorn.appserver.heap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A heap dump in the format of {@code jcmd PID GC.heap_dump} ("JAVA PROFILE 1.0.2" with identifiers of 8 bytes), of less than 2 GB. The file is
 * mapped; in memory is where each object begins. One thread.
 */
public final class HeapDump {

    private static final int HEADER_BYTES = "JAVA PROFILE 1.0.2".length() + 1 + 4 + 8;

    private static final int STRING = 0x01;
    private static final int LOAD_CLASS = 0x02;
    private static final int HEAP = 0x0C;
    private static final int HEAP_SEGMENT = 0x1C;

    private static final int CLASS_DUMP = 0x20;
    static final int INSTANCE = 0x21;
    static final int ARRAY = 0x22;
    private static final int PRIMITIVE_ARRAY = 0x23;

    static final int OBJECT = 2;

    private final ByteBuffer file;
    private final Map<Long, String> strings = new HashMap<>();
    private final Map<Long, String> classNames = new HashMap<>();
    private final Map<Long, ClassShape> classes = new HashMap<>();
    private final List<Long> roots = new ArrayList<>();
    private final LongIndex numbers = new LongIndex();
    private long[] ids = new long[1 << 20];
    private int[] positions = new int[1 << 20];
    private int count;

    private HeapDump(ByteBuffer file) {
        this.file = file;
    }

    /** @throws IOException if it cannot be read */
    public static HeapDump read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            HeapDump dump = new HeapDump(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
            dump.readRecords();
            return dump;
        }
    }

    // ---- what was found

    int count() {
        return count;
    }

    long id(int number) {
        return ids[number];
    }

    /** {@link LongIndex#NONE} for null and what the dump does not have. */
    int number(long id) {
        return numbers.get(id);
    }

    List<Long> roots() {
        return roots;
    }

    Collection<ClassShape> classes() {
        return classes.values();
    }

    /** Null if the object is no class. */
    ClassShape asClass(long id) {
        return classes.get(id);
    }

    /** The class of an object that is neither a class nor an array of primitives; else null. */
    ClassShape classOf(int number) {
        int at = positions[number];
        return switch (kind(at)) {
            case INSTANCE -> classes.get(file.getLong(at + 1 + 8 + 4));
            case ARRAY -> classes.get(file.getLong(at + 1 + 8 + 4 + 4));
            default -> null;
        };
    }

    /** Name and target of each reference that is not null, of whatever kind the object is. */
    void forEachReference(int number, BiConsumer<String, Long> taker) {
        ClassShape type = asClass(ids[number]);
        if (type != null) {
            type.statics().forEach(reference -> taker.accept(reference.name(), reference.target()));
            return;
        }
        int at = positions[number];
        ClassShape of = classOf(number);
        if (of == null) {
            return;
        }
        taker.accept("its class", of.id());
        if (kind(at) == INSTANCE) {
            forEachField(at + 1 + 8 + 4 + 8 + 4, of, taker);
        } else {
            int length = file.getInt(at + 1 + 8 + 4);
            int first = at + 1 + 8 + 4 + 4 + 8;
            for (int i = 0; i < length; i++) {
                take("[]", file.getLong(first + 8 * i), taker);
            }
        }
    }

    private void forEachField(int first, ClassShape of, BiConsumer<String, Long> taker) {
        int at = first;
        for (ClassShape type = of; type != null; type = classes.get(type.parent())) {
            for (ClassShape.Field field : type.fields()) {
                if (field.type() == OBJECT) {
                    take(field.name(), file.getLong(at), taker);
                }
                at += bytes(field.type());
            }
        }
    }

    private static void take(String name, long target, BiConsumer<String, Long> taker) {
        if (target != 0) {
            taker.accept(name, target);
        }
    }

    /** The text of a {@link String} with Latin letters; empty for anything else. */
    String text(int number) {
        StringBuilder text = new StringBuilder();
        forEachReference(number, (name, target) -> {
            int array = number(target);
            if (name.endsWith("String.value") && array >= 0 && kind(positions[array]) == PRIMITIVE_ARRAY) {
                int at = positions[array];
                byte[] letters = new byte[file.getInt(at + 1 + 8 + 4)];
                file.get(at + 1 + 8 + 4 + 4 + 1, letters);
                text.append(new String(letters, StandardCharsets.ISO_8859_1));
            }
        });
        return text.toString();
    }

    // ---- reading

    private int kind(int at) {
        return file.get(at) & 0xFF;
    }

    private void readRecords() {
        int at = HEADER_BYTES;
        while (at < file.limit()) {
            int tag = kind(at);
            int length = file.getInt(at + 1 + 4);
            int body = at + 1 + 4 + 4;
            switch (tag) {
                case STRING -> readString(body, length);
                case LOAD_CLASS ->
                    classNames.put(
                            file.getLong(body + 4),
                            strings.get(file.getLong(body + 4 + 8 + 4)).replace('/', '.'));
                case HEAP, HEAP_SEGMENT -> readHeap(body, body + length);
                default -> {
                    // Stacks and ends.
                }
            }
            at = body + length;
        }
    }

    private void readString(int body, int length) {
        byte[] text = new byte[length - 8];
        file.get(body + 8, text);
        strings.put(file.getLong(body), new String(text, StandardCharsets.UTF_8));
    }

    private void readHeap(int begin, int end) {
        int at = begin;
        while (at < end) {
            int kind = kind(at);
            if (kind >= CLASS_DUMP && kind <= PRIMITIVE_ARRAY) {
                note(file.getLong(at + 1), at);
                at = endOfObject(kind, at);
            } else {
                roots.add(file.getLong(at + 1));
                at += 1 + rootBytes(kind);
            }
        }
    }

    private static int rootBytes(int kind) {
        return switch (kind) {
            case 0xFF, 0x05, 0x07 -> 8;
            case 0x01 -> 8 + 8;
            case 0x02, 0x03, 0x08 -> 8 + 4 + 4;
            case 0x04, 0x06 -> 8 + 4;
            default -> throw new IllegalStateException("unknown record in the heap dump: " + kind);
        };
    }

    private void note(long id, int at) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        ids[count] = id;
        positions[count] = at;
        numbers.put(id, count);
        count++;
    }

    private int endOfObject(int kind, int at) {
        return switch (kind) {
            case CLASS_DUMP -> readClass(at + 1);
            case INSTANCE -> at + 1 + 8 + 4 + 8 + 4 + file.getInt(at + 1 + 8 + 4 + 8);
            case ARRAY -> at + 1 + 8 + 4 + 4 + 8 + 8 * file.getInt(at + 1 + 8 + 4);
            default -> at + 1 + 8 + 4 + 4 + 1 + file.getInt(at + 1 + 8 + 4) * bytes(kind(at + 1 + 8 + 4 + 4));
        };
    }

    private int readClass(int begin) {
        long id = file.getLong(begin);
        String name = classNames.getOrDefault(id, "?");
        long parent = file.getLong(begin + 8 + 4);
        long loader = file.getLong(begin + 8 + 4 + 8);
        List<ClassShape.Reference> statics = new ArrayList<>();
        addReference(statics, "superclass", parent);
        addReference(statics, "class loader", loader);
        addReference(statics, "signers", file.getLong(begin + 8 + 4 + 2 * 8));
        addReference(statics, "protection domain", file.getLong(begin + 8 + 4 + 3 * 8));
        int at = begin + 8 + 4 + 6 * 8 + 4;
        int constants = file.getShort(at) & 0xFFFF;
        at += 2;
        for (int i = 0; i < constants; i++) {
            at += 2 + 1 + bytes(kind(at + 2));
        }
        int staticCount = file.getShort(at) & 0xFFFF;
        at += 2;
        for (int i = 0; i < staticCount; i++) {
            int type = kind(at + 8);
            if (type == OBJECT) {
                addReference(statics, "static " + name + "." + strings.get(file.getLong(at)), file.getLong(at + 8 + 1));
            }
            at += 8 + 1 + bytes(type);
        }
        List<ClassShape.Field> fields = new ArrayList<>();
        int fieldCount = file.getShort(at) & 0xFFFF;
        at += 2;
        for (int i = 0; i < fieldCount; i++) {
            fields.add(new ClassShape.Field(name + "." + strings.get(file.getLong(at)), kind(at + 8)));
            at += 8 + 1;
        }
        classes.put(id, new ClassShape(id, name, parent, loader, List.copyOf(statics), List.copyOf(fields)));
        return at;
    }

    private static void addReference(List<ClassShape.Reference> to, String name, long target) {
        if (target != 0) {
            to.add(new ClassShape.Reference(name, target));
        }
    }

    private static int bytes(int type) {
        return switch (type) {
            case OBJECT, 7, 11 -> 8;
            case 4, 8 -> 1;
            case 5, 9 -> 2;
            case 6, 10 -> 4;
            default -> throw new IllegalStateException("unknown type in the heap dump: " + type);
        };
    }
}
