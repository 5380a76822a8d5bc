package io.posthorn.appserver.app;

import jakarta.resource.cci.Record;

/** A line for the ledger: the name of the record. */
final class Line implements Record {

    private static final long serialVersionUID = 1L;

    private String text;
    private String description;

    Line(String text) {
        this.text = text;
    }

    private Line(Line other) {
        text = other.text;
        description = other.description;
    }

    @Override
    public String getRecordName() {
        return text;
    }

    @Override
    public void setRecordName(String value) {
        text = value;
    }

    @Override
    public String getRecordShortDescription() {
        return description;
    }

    @Override
    public void setRecordShortDescription(String value) {
        description = value;
    }

    @Override
    public Object clone() {
        return new Line(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Line that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
