using System.Globalization;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Happened;

/// <summary>What people call the filters of activities, and the conditions whose choices are theirs too.</summary>
internal static class FilterWords
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["url"] = "Link address",
        ["link"] = "Number of the link",
        ["os"] = "Operating system",
        ["client"] = "Mail program or browser",
        ["machine"] = "Why it was a machine",
        ["send"] = "Number of the send",
        ["run"] = "Number of the entry",
        ["hard"] = "For good",
        ["was_active"] = "Was active before",
    };

    private static readonly Dictionary<string, string> SameAs = new(StringComparer.Ordinal)
    {
        ["country"] = "place.country",
        ["device"] = "device.kind",
        ["os"] = "device.os",
    };

    public static string LabelOf(ActivityMember member) =>
        Labels.GetValueOrDefault(member.Key) ?? Plain(member.Key.Replace('_', ' '));

    /// <summary>What a text can be, where a condition over the contact knows; null where anything can be written.</summary>
    public static IReadOnlyList<ConditionChoice>? ChoicesOf(ActivityMember member, Catalogue<SegmentCondition> conditions) =>
        member.Kind == MemberKind.Text && SameAs.TryGetValue(member.Key, out var key) && conditions.Find(key) is { Choices.Count: > 0 } condition
            ? condition.Choices : null;

    private static string Plain(string key) => char.ToUpper(key[0], CultureInfo.InvariantCulture) + key[1..];
}
