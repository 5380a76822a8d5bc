package planted.table.provider;

/** Imported by a package that must not. */
public interface Port {}
