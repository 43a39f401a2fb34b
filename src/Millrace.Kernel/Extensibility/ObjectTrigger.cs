using Npgsql;

namespace Millrace.Kernel.Extensibility;

/// <summary>
/// A trigger of activities that are about a thing with several contacts, such as a deal or a company. Each contact of the thing enters, one entry each, and
/// the entry remembers the thing, so that steps can address it. A thing without contacts starts nothing.
/// </summary>
public interface IObjectTrigger
{
    /// <summary>Asked only about activities that the trigger matches. In the transaction that takes them off the queue.</summary>
    /// <returns>For each activity, in their order, the thing and who enters; null: nobody.</returns>
    Task<IReadOnlyList<TriggeringObject?>> ObjectsAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<IActivity> activities, object settings, CancellationToken cancellationToken);
}

/// <summary>The thing an activity is about, and the contacts that enter because of it.</summary>
/// <param name="Subject">The thing.</param>
/// <param name="ContactIds">Each enters once; contacts that do not exist are passed over.</param>
public sealed record TriggeringObject(RunSubject Subject, IReadOnlyList<long> ContactIds);

/// <summary>The thing that an entry is about, for example a deal.</summary>
/// <param name="Kind">Source of the thing, as <see cref="ReferenceSource"/> has it: <c>deal</c>, <c>account</c>.</param>
public sealed record RunSubject(string Kind, long Id);
