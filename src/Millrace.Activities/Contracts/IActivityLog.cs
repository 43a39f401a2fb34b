using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Activities.Contracts;

/// <summary>Where an activity came from inside an automation; conditions such as "clicked the mail of step X" filter on it.</summary>
public sealed record ActivityOrigin(long AutomationId, string StepKey);

/// <summary>The one way to say that something happened. Append in the transaction of the change; the reactor does the rest.</summary>
public interface IActivityLog
{
    /// <summary>Appends activities, in order, at the product's present time.</summary>
    /// <param name="origin">The automation's step that caused them, if one did.</param>
    Task AppendAsync<TActivity>(
        NpgsqlTransaction transaction,
        long accountId,
        IReadOnlyList<TActivity> activities,
        CancellationToken cancellationToken,
        ActivityOrigin? origin = null)
        where TActivity : class, IActivity;

    /// <summary>Appends with the time and the origin of each given; for facts that arrive in batches (opens, clicks, imports).</summary>
    Task AppendAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<DatedActivity> activities, CancellationToken cancellationToken);

    /// <summary>
    /// Appends set-wise, one activity per row of a query, without the rows ever leaving the database.
    /// </summary>
    /// <param name="kind">Key of the kind.</param>
    /// <param name="rows">Yields <c>contact_id bigint, subject_id bigint, data jsonb</c>. A pure select.</param>
    /// <param name="react">False leaves the reactor out: nothing is triggered and no counter is kept ("trigger automations: off" of an import must keep counters itself).</param>
    /// <returns>How many.</returns>
    Task<int> AppendFromAsync(
        NpgsqlTransaction transaction, long accountId, string kind, Sql rows, bool react, CancellationToken cancellationToken);

    /// <summary>
    /// Takes out of everything these contacts did what could name them: of each entry stay its kind, its numbers and the words of
    /// <see cref="Impersonal"/>. For people who are gone; in the log everything else is never changed.
    /// </summary>
    Task ForgetAsync(NpgsqlTransaction transaction, long accountId, long[] contactIds, CancellationToken cancellationToken);

    /// <summary>Tells the reactor of this process that there is work. Call after the commit; forgetting it costs at most a second.</summary>
    void Wake();
}

/// <summary>An activity with its own time and origin.</summary>
public sealed record DatedActivity(IActivity Activity, DateTimeOffset OccurredAt, ActivityOrigin? Origin = null);
