using System.Text.Json;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Transactional.Events;

/// <summary>An event with all that is told of it.</summary>
internal sealed record ToldEvent(
    long AccountId, long Id, string Kind, DateTimeOffset At, JsonElement Data, long MailId, Guid Guid, long ServerId, long StreamId, string StreamKey, string? Tag,
    JsonElement Metadata, string Subject, string From, bool TrackOpens, LinkTracking TrackLinks, short RecipientNo, string Recipient, long? ContactId, bool IsInactive)
{
    /// <summary>Follow with <c>where</c>; the event is <c>e</c>, its mail <c>m</c>, its recipient <c>r</c>, its stream <c>s</c>.</summary>
    public static readonly Sql Select = Sql.Of($"""
        select e.account_id, e.id, e.kind, e.occurred_at, e.data, e.mail_id, m.guid, m.server_id, m.stream_id, s.key, m.tag, m.metadata, m.subject, m.from_address, m.track_opens,
               m.track_links, e.recipient_no, r.address, r.contact_id,
               exists (select 1 from messaging.stream_suppression x where x.account_id = m.account_id and x.stream_id = m.stream_id and x.address = r.address_key)
        from messaging.mail_event e
        join messaging.mail m on m.account_id = e.account_id and m.id = e.mail_id
        join messaging.mail_stream s on s.account_id = m.account_id and s.id = m.stream_id
        join messaging.mail_recipient r on r.account_id = e.account_id and r.mail_id = e.mail_id and r.no = e.recipient_no
        """);

    public string? Text(string member) => Data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public bool Is(string member) => Data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A scanner or a prefetch; a mailbox's own proxy is how most people's opens come.</summary>
    public bool IsByMachine => Text("machine") is not (null or Agent.Proxy or Agent.Privacy);

    public BounceType Bounce => BounceType.Of(Text("type"));

    /// <summary>Desktop, Mobile or Unknown; what a mailbox's proxy fetched is WebMail.</summary>
    public string Platform => Text("device") switch
    {
        "desktop" => "Desktop",
        "mobile" or "tablet" => "Mobile",
        _ => Text("machine") is Agent.Proxy or Agent.Privacy || Text("client") is not null ? "WebMail" : "Unknown",
    };
}
