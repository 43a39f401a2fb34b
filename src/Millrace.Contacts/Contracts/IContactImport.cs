namespace Millrace.Contacts.Contracts;

/// <summary>The CSV import for who has no browser: the same engine, with the choices the import itself would propose.</summary>
public interface IContactImport
{
    /// <summary>Stores the file and starts its import. Lists and tags that do not exist are made, and so are fields for columns that nothing else fits.</summary>
    /// <param name="userId">In whose name.</param>
    /// <exception cref="Kernel.Errors.DomainException">The file cannot be imported, and why.</exception>
    Task<long> StartAsync(
        long accountId, long userId, string name, Stream file, IReadOnlyList<string> lists, IReadOnlyList<string> tags, CancellationToken cancellationToken);

    Task<ContactImportProgress> ProgressAsync(long accountId, long importId, CancellationToken cancellationToken);
}

/// <param name="State"><c>running finished cancelled failed</c>.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record ContactImportProgress(
    string State, long Bytes, long BytesDone, long Rows, long Created, long Updated, long Unchanged, long Rejected, double RowsPerSecond, string? Problem)
{
    public bool IsOver => State is "finished" or "cancelled" or "failed";
}
