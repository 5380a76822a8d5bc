package io.posthorn.appserver.heap;

import java.util.List;

/**
 * What a dump says of a class.
 *
 * @param parent identifier of the class above; 0 for none
 * @param loader identifier of its class loader; 0 for the JVM's own
 * @param statics its static references, and what the class itself refers to
 * @param fields its own instance fields, in the order of their values
 */
record ClassShape(long id, String name, long parent, long loader, List<Reference> statics, List<Field> fields) {

    /** An instance field: its name, and the dump's number for its type. */
    record Field(String name, int type) {}

    /** A reference by this name to the object with this identifier. */
    record Reference(String name, long target) {}
}
