using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Messaging.Transactional.Events;

/// <summary>Events as programs see them, in webhooks and in lists: the members that Postmark documents, in its spelling.</summary>
internal static class EventPayload
{
    public static JsonObject Of(ToldEvent told, string? content = null) => told.Kind switch
    {
        "delivered" => Delivery(told),
        "bounced" or "complained" => Bounce(told, content),
        "opened" => Open(told),
        "clicked" => Click(told),
        _ => SubscriptionChange(told.ServerId, told.StreamKey, told.Guid, told.Recipient, told.Kind == "unsubscribed", told.Text("reason"), told.Text("origin"), told.At, told.Tag, told.Metadata),
    };

    public static JsonObject Bounce(ToldEvent told, string? content) => new()
    {
        ["RecordType"] = told.Kind == "complained" ? "SpamComplaint" : "Bounce",
        ["ID"] = told.Id,
        ["Type"] = told.Bounce.Key,
        ["TypeCode"] = told.Bounce.Code,
        ["Name"] = told.Bounce.Name,
        ["Tag"] = told.Tag,
        ["MessageID"] = told.Guid.ToString("D"),
        ["Metadata"] = Node(told.Metadata),
        ["ServerID"] = told.ServerId,
        ["MessageStream"] = told.StreamKey,
        ["Description"] = told.Bounce.Description,
        ["Details"] = told.Text("reply") ?? told.Text("class") ?? "",
        ["Email"] = told.Recipient,
        ["From"] = told.From,
        ["BouncedAt"] = When(told.At),
        ["DumpAvailable"] = told.Text("reply") is not null,
        ["Inactive"] = told.IsInactive,
        ["CanActivate"] = told.Kind != "complained",
        ["Subject"] = told.Subject,
        ["Content"] = content,
    };

    public static JsonObject SubscriptionChange(
        long serverId, string stream, Guid? guid, string recipient, bool suppressed, string? reason, string? origin, DateTimeOffset at, string? tag, JsonElement metadata) => new()
        {
            ["RecordType"] = "SubscriptionChange",
            ["MessageID"] = (guid ?? Guid.Empty).ToString("D"),
            ["ServerID"] = serverId,
            ["MessageStream"] = stream,
            ["ChangedAt"] = When(at),
            ["Recipient"] = recipient,
            ["Origin"] = origin ?? "Recipient",
            ["SuppressSending"] = suppressed,
            ["SuppressionReason"] = suppressed ? reason ?? "ManualSuppression" : null,
            ["Tag"] = tag,
            ["Metadata"] = Node(metadata),
        };

    /// <summary>UTC with seven digits, as the original writes instants.</summary>
    public static string When(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Delivery(ToldEvent told) => new()
    {
        ["RecordType"] = "Delivery",
        ["ServerID"] = told.ServerId,
        ["MessageStream"] = told.StreamKey,
        ["MessageID"] = told.Guid.ToString("D"),
        ["Recipient"] = told.Recipient,
        ["Tag"] = told.Tag,
        ["DeliveredAt"] = When(told.At),
        ["Details"] = told.Text("reply") ?? "",
        ["Metadata"] = Node(told.Metadata),
    };

    private static JsonObject Open(ToldEvent told)
    {
        var open = Engagement(told, "Open");
        open["FirstOpen"] = told.Is("first");
        open["ReadSeconds"] = 0;
        return open;
    }

    private static JsonObject Click(ToldEvent told)
    {
        var click = Engagement(told, "Click");
        click["ClickLocation"] = "HTML";
        click["OriginalLink"] = told.Text("url") ?? "";
        return click;
    }

    private static JsonObject Engagement(ToldEvent told, string type) => new()
    {
        ["RecordType"] = type,
        ["ServerID"] = told.ServerId,
        ["MessageStream"] = told.StreamKey,
        ["MessageID"] = told.Guid.ToString("D"),
        ["Recipient"] = told.Recipient,
        ["Tag"] = told.Tag,
        ["ReceivedAt"] = When(told.At),
        ["Client"] = Program(told.Text("client")),
        ["OS"] = Program(told.Text("os")),
        ["Platform"] = told.Platform,
        ["UserAgent"] = "",
        ["Geo"] = Geo(told),
        ["Metadata"] = Node(told.Metadata),
    };

    private static JsonObject Program(string? name) => new() { ["Name"] = name ?? "", ["Company"] = "", ["Family"] = name ?? "" };

    private static JsonObject Geo(ToldEvent told)
    {
        var geo = new JsonObject();
        foreach (var (member, name) in new[] { ("country", "CountryISOCode"), ("region", "Region"), ("city", "City") })
        {
            if (told.Text(member) is { } value)
            {
                geo[name] = value;
            }
        }

        return geo;
    }

    private static JsonObject Node(JsonElement element) => element.ValueKind == JsonValueKind.Object ? JsonObject.Create(element)! : new JsonObject();
}
