using System.Globalization;
using System.Text.Json;

namespace Millrace.Contacts.People;

/// <summary>A row of <c>contacts.last_seen</c> as v3 writes its parts; the row is null while nothing is known.</summary>
internal static class V3Seen
{
    public static string? Text(JsonElement? row, string column) => Of(row, column) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static DateTimeOffset? Time(JsonElement? row, string column) =>
        Of(row, column) is { ValueKind: JsonValueKind.String } value && value.TryGetDateTimeOffset(out var time) ? time : null;

    /// <summary>Six digits behind the point; zero where nothing is known.</summary>
    public static string Degrees(JsonElement? row, string column) =>
        (Of(row, column) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : 0).ToString("0.000000", CultureInfo.InvariantCulture);

    private static JsonElement? Of(JsonElement? row, string column) =>
        row is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(column, out var value) ? value : null;
}
