using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Contacts.Contracts;

/// <summary>What one request of a contact tells: from where it came, and with what. Made by <see cref="ISightings"/>, travels as the aside of the activity
/// to where it is kept.</summary>
/// <param name="Ip">The address in the network; null where it is nobody's in particular (private, loopback).</param>
/// <param name="Place">Where that address is; null without a database file, or where it does not know the address.</param>
/// <param name="FromMail">A mail program fetched it (an open), not a browser (a click, a visit).</param>
public sealed partial record Sighting(string? Ip, Place? Place, Agent Agent, bool FromMail)
{
    /// <summary>Kinds of activities that may bring a sighting as their aside; conditions on place and device look again after one.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["email.opened", "email.clicked"];

    private string? MailClient => FromMail ? Agent.MailClient : null;

    private string? Browser => FromMail && Agent.MailClient is not null ? null : Agent.Browser;

    /// <summary>
    /// What the activity's entry in the log says of it, as a JSON object: <c>country</c>, <c>region</c>, <c>city</c>, <c>device</c>, <c>os</c>,
    /// <c>client</c>; only what is known. Never the address.
    /// </summary>
    /// <param name="machine">Why a machine did it; then only a mailbox's own proxy (<c>proxy</c>, <c>privacy</c>) tells something: which mailbox it is.</param>
    public string ForLog(string? machine) => machine switch
    {
        null => Write(new InLog(Place?.Country, Place?.Region, Place?.City, Agent.Device, Agent.Os, MailClient ?? Browser)),
        Agent.Proxy or Agent.Privacy => Write(new InLog(Client: MailClient)),
        _ => "{}",
    };

    /// <summary>
    /// What is kept as the contact's last known place, device and programs, as a JSON object: the aside of the activity; null when it tells nothing.
    /// Machines have no place and no device of a person's: of a mailbox's proxy the mail program is kept, of all others nothing.
    /// </summary>
    /// <inheritdoc cref="ForLog"/>
    public string? ForContact(string? machine)
    {
        var json = machine switch
        {
            null => Write(new Kept(
                Ip, Place?.Country, Place?.Region, Place?.City, Place?.PostalCode, Place?.Latitude, Place?.Longitude, Place?.TimeZone,
                Agent.Device, Agent.Os, MailClient, Browser)),
            Agent.Proxy or Agent.Privacy => Write(new Kept(MailClient: MailClient)),
            _ => "{}",
        };
        return json.Length > 2 ? json : null;
    }

    /// <summary>Reads what <see cref="ForContact"/> wrote.</summary>
    internal static Kept Read(string json) => JsonSerializer.Deserialize(json, Json.Default.Kept)!;

    internal static string Write(Kept value) => JsonSerializer.Serialize(value, Json.Default.Kept);

    private static string Write(InLog value) => JsonSerializer.Serialize(value, Json.Default.InLog);

    internal sealed record InLog(
        string? Country = null, string? Region = null, string? City = null, string? Device = null, string? Os = null, string? Client = null);

    internal sealed record Kept(
        string? Ip = null, string? Country = null, string? Region = null, string? City = null, string? PostalCode = null, double? Latitude = null,
        double? Longitude = null, string? TimeZone = null, string? Device = null, string? Os = null, string? MailClient = null, string? Browser = null)
    {
        [JsonIgnore]
        public bool HasPlace => Country is not null || Latitude is not null;

        [JsonIgnore]
        private bool HasDevice => Device is not null || Os is not null;

        /// <summary>Both as one. A place and a device are each taken whole or not at all: half of an old one would be nowhere.</summary>
        public Kept Then(Kept later)
        {
            var (place, device) = (later.HasPlace ? later : this, later.HasDevice ? later : this);
            return new Kept(
                later.Ip ?? Ip, place.Country, place.Region, place.City, place.PostalCode, place.Latitude, place.Longitude, place.TimeZone,
                device.Device, device.Os, later.MailClient ?? MailClient, later.Browser ?? Browser);
        }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(InLog))]
    [JsonSerializable(typeof(Kept))]
    private sealed partial class Json : JsonSerializerContext;
}

/// <summary>A place as a database of addresses knows it. Texts are English and at most 100 characters.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Region">State, province, land.</param>
/// <param name="Latitude">Degrees, north positive; with <paramref name="Longitude"/> or not at all. The middle of the area, not a house.</param>
/// <param name="TimeZone">IANA name this machine knows.</param>
public sealed record Place(
    string? Country, string? Region = null, string? City = null, string? PostalCode = null, double? Latitude = null, double? Longitude = null,
    string? TimeZone = null);

/// <summary>A program that asks, as its user agent names it. Members are null where it does not say.</summary>
/// <param name="Device"><c>desktop</c>, <c>mobile</c> or <c>tablet</c>.</param>
/// <param name="Machine"><see cref="Proxy"/>, <see cref="Privacy"/>, <see cref="Scanner"/>, or null for a person.</param>
public sealed record Agent(string? Device, string? Os, string? MailClient, string? Browser, string? Machine)
{
    /// <summary>A mailbox provider that fetches pictures when its user reads, in his place: Gmail, Yahoo. Who reads is a person; where, it hides.</summary>
    public const string Proxy = "proxy";

    /// <summary>A mailbox provider that fetches pictures whether its user reads or not: Apple's mail privacy, Gmail's prefetching.</summary>
    public const string Privacy = "privacy";

    /// <summary>A program that looks at mails or pages for reasons of its own.</summary>
    public const string Scanner = "scanner";
}
