using Millrace.Messaging.Contracts;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Sending;

/// <summary>A version with its templates parsed, and the account's sender as it is now. Immutable; all cores render it at once.</summary>
internal sealed class CompiledMessage
{
    private readonly Dictionary<int, TemplateProgram> _links = [];

    /// <param name="shown">The condition trees of the version's design; null: it has none.</param>
    public CompiledMessage(VersionRow version, IEnumerable<TrackedLink> links, AccountSender sender, ITagCatalogue tags, ShownParts? shown = null)
    {
        (Version, Tags, Sender, Shown) = (version, tags, sender, shown);
        Slots = new() { Trees = shown?.Count ?? 0 };
        Subject = TemplateProgram.Compile(version.Subject, TemplateKind.Header, tags, Slots);
        FromName = TemplateProgram.Compile(version.FromName.Length > 0 ? version.FromName : sender.Name, TemplateKind.Header, tags, Slots);
        Html = TemplateProgram.Compile(version.Html, TemplateKind.Html, tags, Slots);
        Text = TemplateProgram.Compile(version.Text, TemplateKind.Text, tags, Slots);
        foreach (var link in links)
        {
            Links.Add(link);
            _links[link.No] = TemplateProgram.Compile(link.TaggedUrl ?? link.Url, TemplateKind.Url, tags, Slots);
        }

        FromAddress = version.FromAddress.Length > 0 ? version.FromAddress : sender.Email;
        Fields = [.. Slots.Names.Where(n => tags.Resolver(n) is null)];
        NeedsPlace = Needs(n => n.StartsWith(RecipientPlace.Prefix, StringComparison.Ordinal));
        NeedsOwner = Needs(n => n.StartsWith(RecipientOwner.Prefix, StringComparison.Ordinal));
        NeedsLists = Slots.UsesLists || Needs(n => n is "LISTNAME" || n.StartsWith("SUBSCRIBE_", StringComparison.Ordinal));
        NeedsTags = Slots.UsesTags;
    }

    public VersionRow Version { get; }

    public AccountSender Sender { get; }

    public ITagCatalogue Tags { get; }

    public SlotTable Slots { get; }

    /// <summary>The condition trees of the version's design; null: it has none.</summary>
    public ShownParts? Shown { get; }

    public TemplateProgram Subject { get; }

    public TemplateProgram FromName { get; }

    public TemplateProgram Html { get; }

    public TemplateProgram Text { get; }

    public List<TrackedLink> Links { get; } = [];

    public string FromAddress { get; }

    public bool IsMarketing => Version.Kind == MessageKind.Marketing;

    /// <summary>Names that may be custom fields; only these values are loaded.</summary>
    public IReadOnlyList<string> Fields { get; }

    public bool NeedsTags { get; }

    public bool NeedsPlace { get; }

    public bool NeedsOwner { get; }

    public bool NeedsLists { get; }

    /// <summary>Null when the version has no such link.</summary>
    public TemplateProgram? Link(int no) => _links.GetValueOrDefault(no);

    /// <summary>The merge values of one recipient.</summary>
    /// <param name="tracking">Null leaves link placeholders empty.</param>
    /// <param name="values">Room for the values, to be used again; a new array when null.</param>
    public RenderContext Merge(DueSend send, RecipientFacts facts, TrackingUrls? tracking, DateTimeOffset now, string?[]? values = null) =>
        Merge(send, facts, tracking, tracking, now, values);

    /// <param name="links">What the tags for links say; null: nothing.</param>
    public RenderContext Merge(DueSend send, RecipientFacts facts, IRecipientLinks? links, ITrackingUrls? tracking, DateTimeOffset now, string?[]? values = null)
    {
        values ??= new string?[Slots.Names.Count];
        Slots.Resolve(Tags, DataOf(send, facts, links, now), values);
        return new RenderContext(values, facts.TagsOf(send.AccountId, send.ContactId), tracking)
        {
            Lists = NeedsLists ? facts.ListsOf(send.AccountId, send.ContactId) : null,
            Shown = Shown?.BitsOf(send.AccountId, send.ContactId, facts) ?? 0,
        };
    }

    private bool Needs(Func<string, bool> name) => Slots.Names.Any(name);

    private RecipientData DataOf(DueSend send, RecipientFacts facts, IRecipientLinks? links, DateTimeOffset now)
    {
        var subscription = NeedsLists ? facts.SubscriptionOf(send.AccountId, send.ContactId, send.ListIds) : null;
        return new()
        {
            ContactId = send.ContactId,
            Email = send.Email ?? send.ToAddress ?? "",
            FirstName = send.FirstName,
            LastName = send.LastName,
            Phone = send.Phone,
            IpAddress = send.IpAddress,
            Place = facts.PlaceOf(send.AccountId, send.ContactId),
            Fields = facts.FieldsOf(send.AccountId, send.ContactId),
            ListName = subscription?.Name,
            SubscribedAt = subscription?.At,
            Owner = NeedsOwner ? facts.OwnerOf(send.AccountId, send.ContactId) : null,
            SenderName = Sender.Name,
            SenderEmail = FromAddress,
            SenderInfo = Sender.Info,
            Links = links,
            Now = now,
            Zone = Recipients.Zone(send.TimeZone, Sender.TimeZone),
        };
    }
}

internal sealed record VersionRow(
    long AccountId, long Id, long MessageId, MessageKind Kind, string Subject, string FromName, string FromAddress, string ReplyTo, string Html, string Text,
    bool TrackReplies = false);

/// <summary>What the account says of itself at the foot of mails.</summary>
internal sealed record AccountSender(long AccountId, string Name, string Email, string Address, string TimeZone)
{
    /// <summary>An address that begins with the name says it once.</summary>
    public string Info => string.Join('\n', new[] { IsNamed ? "" : Name, Address }.Where(s => s.Length > 0));

    private bool IsNamed => Address.Split('\n', 2)[0].Trim().Equals(Name, StringComparison.OrdinalIgnoreCase);
}
