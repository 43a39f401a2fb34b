using Millrace.Activities.Contracts;
using Npgsql;

namespace Millrace.Contacts.Contracts;

/// <summary>Writes notes on contacts.</summary>
public interface INotes
{
    /// <summary>Longest text of a note, in characters.</summary>
    const int MaxLength = 50_000;

    /// <summary>Writes notes that nobody in person has written. Contacts that do not exist are left out, as are empty texts; longer ones are cut.</summary>
    Task AddAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<(long ContactId, string Text)> notes, DateTimeOffset now, CancellationToken cancellationToken,
        ActivityOrigin? origin = null);
}
