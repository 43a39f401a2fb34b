using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Contracts;

/// <summary>Marks something that can be done with many contacts at once.</summary>
public sealed class BulkActionAttribute(string key) : CatalogueEntryAttribute(key)
{
    /// <summary>Name of an icon the UI knows.</summary>
    public string Icon { get; init; } = "bolt";

    /// <summary>What it asks for beyond changing contacts.</summary>
    public Permission Permission { get; init; } = Permission.ManageContacts;

    /// <summary>Cannot be taken back; the UI asks with the number of contacts.</summary>
    public bool IsDestructive { get; init; }

    /// <summary>Place in the bar, ascending.</summary>
    public int Order { get; init; } = 100;
}

/// <summary>
/// Something that can be done with many contacts at once. One class is all: form, check of the options, job, progress, result page and undo come by
/// themselves. Called once per batch inside the batch's transaction; never the network.
/// </summary>
public abstract class BulkAction : CatalogueEntry
{
    public string Icon => BulkMark.Icon;

    public Permission Permission => BulkMark.Permission;

    public bool IsDestructive => BulkMark.IsDestructive;

    public int Order => BulkMark.Order;

    /// <summary>Whether <see cref="UndoAsync"/> does something.</summary>
    public virtual bool CanUndo => false;

    /// <summary>The record that holds the options; becomes the form and the check. Things it points to exist when a job starts.</summary>
    public abstract Type SettingsType { get; }

    /// <summary>For people, by the code of <see cref="BulkOutcome.Reason"/>: why a contact was left out.</summary>
    public abstract IReadOnlyDictionary<string, string> Reasons { get; }

    /// <summary>The job in words: <c>Add the tag “VIP”</c>.</summary>
    /// <param name="nameOf">Name of a thing of a source by its id.</param>
    public abstract string Describe(object settings, Func<string, long, string> nameOf);

    /// <summary>Refuses a job that can do nothing at all, beyond the options' shape. Throws a domain exception.</summary>
    public virtual Task CheckAsync(NpgsqlTransaction transaction, long accountId, object settings, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>One outcome per contact of the batch that was changed or left out; one that is not named counts as left out because it is gone.</returns>
    public abstract Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, object settings, CancellationToken cancellationToken);

    /// <summary>Takes back what <see cref="ExecuteAsync"/> did, except where someone has changed it since.</summary>
    /// <param name="previous">By contact: what its outcome remembered.</param>
    public virtual Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, object settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Key} cannot be undone.");

    private BulkActionAttribute BulkMark => (BulkActionAttribute)Mark;
}

/// <inheritdoc cref="BulkAction"/>
public abstract class BulkAction<TSettings> : BulkAction
    where TSettings : class
{
    public sealed override Type SettingsType => typeof(TSettings);

    public sealed override string Describe(object settings, Func<string, long, string> nameOf) => Describe((TSettings)settings, nameOf);

    public sealed override Task CheckAsync(NpgsqlTransaction transaction, long accountId, object settings, CancellationToken cancellationToken) =>
        CheckAsync(transaction, accountId, (TSettings)settings, cancellationToken);

    public sealed override Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, object settings, CancellationToken cancellationToken) =>
        ExecuteAsync(batch, (TSettings)settings, cancellationToken);

    public sealed override Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, object settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken) =>
        UndoAsync(batch, (TSettings)settings, previous, cancellationToken);

    protected abstract string Describe(TSettings settings, Func<string, long, string> nameOf);

    protected virtual Task CheckAsync(NpgsqlTransaction transaction, long accountId, TSettings settings, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    protected abstract Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, TSettings settings, CancellationToken cancellationToken);

    protected virtual Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, TSettings settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Key} cannot be undone.");
}

/// <summary>Contacts of one account to act on together.</summary>
/// <param name="UserId">Who started the job.</param>
/// <param name="TimeZone">IANA name of the account's zone.</param>
/// <param name="Now">Product time of this batch.</param>
/// <param name="ContactIds">Each once, ascending; some may be gone by now.</param>
public sealed record BulkBatch(NpgsqlTransaction Transaction, long AccountId, long? UserId, string TimeZone, DateTimeOffset Now, long[] ContactIds);

/// <summary>What became of one contact.</summary>
/// <param name="Reason">Why it was left out: a key of <see cref="BulkAction.Reasons"/>; null when it was changed.</param>
/// <param name="Previous">JSON that undoing needs; null when nothing is.</param>
public sealed record BulkOutcome(long ContactId, string? Reason = null, string? Previous = null)
{
    /// <summary>The reason of contacts that no longer exist; every action has it.</summary>
    public const string Gone = "contact_gone";

    /// <summary>The reason of contacts that alone made their batch fail; <see cref="Detail"/> says how.</summary>
    public const string Failed = "failed";

    /// <summary>What there is to say of this one contact beyond the reason, for people.</summary>
    public string? Detail { get; init; }

    public bool Changed => Reason is null;
}
