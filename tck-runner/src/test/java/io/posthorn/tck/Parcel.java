package io.posthorn.tck;

import java.io.Serializable;

/** A class of the application, which no filter of object messages allows by itself. */
public record Parcel(String to, int grams) implements Serializable {}
