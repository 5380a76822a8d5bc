package io.posthorn.server.store;

/**
 * Something that is wrong in a store, as a tool reports it.
 *
 * @param where file and offset, or table and key
 * @param what  one line
 */
public record Finding(String where, String what) {}
