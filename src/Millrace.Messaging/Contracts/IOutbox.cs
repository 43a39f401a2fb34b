using Npgsql;

namespace Millrace.Messaging.Contracts;

/// <summary>
/// Puts mails into the ledger, in the caller's transaction, set-wise and exactly once per (source, contact, visit). Delivery is the
/// dispatcher's; call <see cref="Wake"/> after the commit.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// The frozen version of a step's content: made when the content is new, found otherwise. Content that cannot be sent is refused.
    /// </summary>
    /// <exception cref="Kernel.Errors.InvalidInputException">Template, link or address errors.</exception>
    Task<MessageVersionKey> FreezeStepAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, string stepKey, MessageContent content, CancellationToken cancellationToken);

    /// <summary>Queues one mail per recipient. Who may not be mailed is left out and told.</summary>
    /// <returns>Per recipient, in order: null when queued (now or by an earlier call), otherwise why not.</returns>
    Task<IReadOnlyList<string?>> QueueAsync(
        NpgsqlTransaction transaction, long accountId, MessageVersionKey version, SendSource source, IReadOnlyList<SendRecipient> recipients,
        CancellationToken cancellationToken);

    /// <summary>Cancels what an automation has queued and nobody has handed over yet.</summary>
    /// <param name="runIds">For these runs only; null: for all.</param>
    /// <returns>How many.</returns>
    Task<int> CancelAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IReadOnlyCollection<long>? runIds, CancellationToken cancellationToken);

    /// <summary>The empty version for mails whose content stands elsewhere (<see cref="ILetters"/>).</summary>
    Task<MessageVersionKey> BlankAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken);

    /// <summary>
    /// Somebody who was erased had a part in these: address and conversation go, and what still waits is not sent. That there was a mail stays.
    /// </summary>
    /// <param name="sources">Source and the recipient's number.</param>
    Task EraseAsync(
        NpgsqlTransaction transaction, long accountId, SendSourceKind kind, IReadOnlyCollection<(long SourceId, short RecipientNo)> sources, CancellationToken cancellationToken);

    /// <summary>Cancels what these sources have queued and nobody has handed over yet.</summary>
    Task<int> CancelSourcesAsync(
        NpgsqlTransaction transaction, long accountId, SendSourceKind kind, IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken);

    /// <summary>Of these addresses (lower case) those whose owners have called a mail of the account spam: nothing is sent to them, whatever it is.</summary>
    Task<IReadOnlyList<string>> ComplainedAsync(NpgsqlTransaction transaction, long accountId, string[] addresses, CancellationToken cancellationToken);

    /// <summary>Tells this process's dispatcher that there is work; forgetting it costs at most a second.</summary>
    void Wake();
}

/// <summary>A frozen message.</summary>
public readonly record struct MessageVersionKey(long MessageId, long VersionId);

/// <summary>What caused a mail.</summary>
/// <param name="ListIds">Lists the unsubscribe link acts on; null is all.</param>
/// <param name="At">When it is due.</param>
public sealed record SendSource(
    SendSourceKind Kind, DateTimeOffset At, long? AutomationId = null, string? StepKey = null, IReadOnlyList<long>? ListIds = null);

public enum SendSourceKind
{
    Automation,
    Campaign,
    Notify,
    Test,
    Transactional,

    /// <summary>A friend's copy of a mail that a contact forwarded.</summary>
    Forward,

    /// <summary>A person wrote it to one contact; <see cref="ILetters"/> has its content.</summary>
    Personal,
}

/// <summary>One mail to be.</summary>
/// <param name="SourceId">Run, campaign ...: with contact, visit and number the natural key.</param>
/// <param name="ToAddress">Someone else than the contact, for example a user of the account.</param>
public sealed record SendRecipient(long SourceId, long ContactId, int VisitNo, short RecipientNo = 0, string? ToAddress = null);
