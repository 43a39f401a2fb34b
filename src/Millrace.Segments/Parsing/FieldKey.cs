using System.Globalization;

namespace Millrace.Segments.Parsing;

/// <summary>The key of a leaf: <c>email</c>, or <c>list:7</c> (in documents <c>list:News</c>; a name may hold further colons).</summary>
internal static class FieldKey
{
    public static (string Name, string? Argument) Split(string key) =>
        key.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? (key[..colon], key[(colon + 1)..]) : (key, null);

    public static bool TryId(string argument, out long id) =>
        long.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id is > 0 and < 1L << 53;

    public static string Join(string name, long id) => FormattableString.Invariant($"{name}:{id}");
}
