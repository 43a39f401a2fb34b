using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Campaigns.Checks;

/// <summary>Marks a class as a check that campaigns go through before they are sent. The scan finds it.</summary>
internal sealed class CampaignCheckAttribute(string key) : CatalogueEntryAttribute(key)
{
    /// <summary>The lower is shown first.</summary>
    public int Order { get; init; } = 100;

    /// <summary>
    /// It asks something outside of the server, or takes long: it is run when a person looks at the summary, never when a campaign starts, so it cannot forbid
    /// anything.
    /// </summary>
    public bool IsSlow { get; init; }
}

/// <summary>
/// One thing that is looked at before a campaign is sent. No transaction is open while it runs; one that needs the database opens its own and closes it before
/// it asks the network. Adding a check is adding a class.
/// </summary>
internal abstract class CampaignCheck : CatalogueEntry
{
    public int Order => ((CampaignCheckAttribute)Mark).Order;

    public bool IsSlow => ((CampaignCheckAttribute)Mark).IsSlow;

    /// <returns>What was found; empty: all is well.</returns>
    public abstract Task<IReadOnlyList<CampaignFinding>> RunAsync(CampaignUnderCheck campaign, CancellationToken cancellationToken);

    protected static IReadOnlyList<CampaignFinding> Fine => [];
}

internal enum FindingSeverity
{
    /// <summary>It cannot be sent like this.</summary>
    Error,

    /// <summary>It can, but it had better not.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Note,
}

/// <summary>Which card of the summary page mends it.</summary>
internal enum CampaignCard
{
    Audience,
    From,
    Subject,
    Content,
    Tracking,
    When,
}

/// <param name="Code">Shaped <c>no_subject</c>.</param>
/// <param name="Message">A sentence for people, and what to do.</param>
/// <param name="VariantNo">Of one variant only; null: of the campaign.</param>
/// <param name="Detail">What exactly, for example the link; null: nothing more to say.</param>
internal sealed record CampaignFinding(
    string Code, FindingSeverity Severity, CampaignCard Card, string Message, short? VariantNo = null, string? Detail = null);

/// <summary>All that checks look at.</summary>
/// <param name="Audience">Null: it could not be counted; why stands in its own finding.</param>
internal sealed record CampaignUnderCheck(
    long AccountId, Campaign Campaign, IReadOnlyList<VariantUnderCheck> Variants, ITagCatalogue Tags, Audience.AudienceCount? Audience, DateTimeOffset Now);

/// <param name="Content">As it would be sent: of variants that differ in the subject alone, with the content of the first.</param>
/// <param name="Frozen">What it compiles to; null: it cannot be sent, and <paramref name="Problems"/> say why.</param>
/// <param name="SenderAddress">The address it comes from, the account's where it names none; empty: there is none.</param>
/// <param name="Feeds">Of a feed campaign, or one of its issues: what stands for its feed.</param>
internal sealed record VariantUnderCheck(
    short No, long MessageId, MessageContent Content, FrozenContent? Frozen, IReadOnlyList<FieldError> Problems, string SenderAddress, FeedSnapshot? Feeds);
