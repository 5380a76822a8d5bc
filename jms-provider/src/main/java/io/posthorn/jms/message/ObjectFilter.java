package io.posthorn.jms.message;

import java.io.ObjectInputFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which classes a received ObjectMessage may contain. Immutable; any thread may use it.
 *
 * <p>Deserializing what a stranger sent can run code of any class on the class path, so a class must be allowed by name.
 * The value types of the JDK always are: String, the wrappers and Number, enums, everything directly in
 * {@code java.util}, all of {@code java.math} and {@code java.time}, and arrays of primitives and of allowed classes.
 *
 * <p>Limits, whatever is allowed: {@value #DEPTH_MAX} nested objects, {@value #REFERENCES_MAX} references,
 * {@value #ARRAY_MAX} array elements.
 */
public final class ObjectFilter {

    /** The connection option that holds the patterns; named in every refusal. */
    public static final String OPTION = "objectMessageAllowList";

    /** Allows the value types of the JDK and nothing else. */
    public static final ObjectFilter STANDARD = new ObjectFilter(List.of());

    /** Allows every class. Only for senders that are trusted. */
    public static final ObjectFilter EVERYTHING = new ObjectFilter(List.of("*"));

    static final long DEPTH_MAX = 500;
    static final long REFERENCES_MAX = 5_000_000;
    static final long ARRAY_MAX = 16L * 1024 * 1024;

    private static final Set<String> VALUE_TYPES = Set.of(
            "java.lang.String",
            "java.lang.Boolean",
            "java.lang.Character",
            "java.lang.Number",
            "java.lang.Byte",
            "java.lang.Short",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double",
            "java.lang.StringBuilder",
            "java.lang.StringBuffer",
            // The type of the elements of every collection, and the parent of every enum; no content of their own.
            "java.lang.Object",
            "java.lang.Enum");

    private final boolean everything;
    private final Set<String> classes = new HashSet<>();
    private final List<String> packages = new ArrayList<>();

    private ObjectFilter(List<String> patterns) {
        boolean all = false;
        for (String pattern : patterns) {
            if (pattern.equals("*")) {
                all = true;
            } else if (pattern.endsWith(".*")) {
                packages.add(checked(pattern, pattern.substring(0, pattern.length() - 2)) + ".");
            } else {
                classes.add(checked(pattern, pattern));
            }
        }
        everything = all;
    }

    /**
     * A filter that allows more than the value types.
     *
     * @param patterns each a class name as {@code com.acme.Order}, a package with all below it as {@code com.acme.*}, or
     *     {@code *} for every class
     * @throws IllegalArgumentException if a pattern is none of these
     */
    public static ObjectFilter of(List<String> patterns) {
        return patterns.isEmpty() ? STANDARD : new ObjectFilter(patterns);
    }

    /** As {@link #of(List)}, with the patterns in one text, separated by commas; blank for none. */
    public static ObjectFilter parse(String patterns) {
        List<String> list = new ArrayList<>();
        for (String pattern : patterns.split(",", -1)) {
            if (!pattern.isBlank()) {
                list.add(pattern.strip());
            }
        }
        return of(list);
    }

    /** Whether a class, or for an array the class of its innermost elements, is allowed. */
    boolean allows(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element.isPrimitive() || everything || allowsName(element.getName());
    }

    private boolean allowsName(String name) {
        if (VALUE_TYPES.contains(name) || classes.contains(name)) {
            return true;
        }
        if (name.startsWith("java.math.") || name.startsWith("java.time.")) {
            return true;
        }
        if (name.startsWith("java.util.") && name.indexOf('.', "java.util.".length()) < 0) {
            return true;
        }
        for (String prefix : packages) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Null if these limits are kept, otherwise what is too much. */
    String limitBroken(ObjectInputFilter.FilterInfo info) {
        if (info.depth() > DEPTH_MAX) {
            return "more than " + DEPTH_MAX + " nested objects";
        }
        if (info.references() > REFERENCES_MAX) {
            return "more than " + REFERENCES_MAX + " references";
        }
        if (info.arrayLength() > ARRAY_MAX) {
            return "an array of " + info.arrayLength() + " elements";
        }
        return null;
    }

    private static String checked(String pattern, String name) {
        boolean legal = !name.isEmpty() && !name.startsWith(".") && !name.endsWith(".") && !name.contains("..");
        for (int i = 0; legal && i < name.length(); i++) {
            char c = name.charAt(i);
            legal = c == '.' || Character.isJavaIdentifierPart(c);
        }
        if (!legal) {
            throw new IllegalArgumentException(
                    "'" + pattern + "' in " + OPTION + " is neither a class name, nor a package as com.acme.*, nor *");
        }
        return name;
    }
}
