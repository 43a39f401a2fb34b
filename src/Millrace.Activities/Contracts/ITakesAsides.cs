using Npgsql;

namespace Millrace.Activities.Contracts;

/// <summary>
/// Takes what came along with activities and must not stand in the log. Called once for each, before any reaction sees the activity and in the transaction that
/// takes it off the queue, so it is neither lost nor taken twice.
/// </summary>
public interface ITakesAsides
{
    /// <summary>Kinds of activities whose asides it takes.</summary>
    IReadOnlySet<string> Kinds { get; }

    /// <param name="asides">Of one account, in the order in which they happened.</param>
    Task TakeAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<Aside> asides, CancellationToken cancellationToken);
}

/// <summary>What came along with one activity.</summary>
/// <param name="Json">A JSON object.</param>
public sealed record Aside(long ContactId, DateTimeOffset OccurredAt, string Json);
