using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Happened;

/// <summary>What kind of value a member of an activity's record is.</summary>
internal enum MemberKind
{
    Reference,
    Text,
    Number,
    Flag,
}

/// <summary>A member that can be filtered on.</summary>
/// <param name="Key">As documents write it: a reference without its <c>_id</c>.</param>
/// <param name="Column">Its name in the log's <c>data</c>; empty for the subject, which has a column of its own.</param>
/// <param name="Source">Where the names of a reference come from; null when nothing offers them, so ids are written.</param>
internal sealed record ActivityMember(string Key, MemberKind Kind, string Column, string? Source)
{
    public bool IsSubject => Column.Length == 0;
}

/// <summary>A kind of activity and what can be asked of it, read off its record type.</summary>
internal sealed record ActivityShape(ActivityKind Kind, IReadOnlyList<ActivityMember> Members)
{
    /// <summary>Member that says why a machine probably did it (link scanners, image proxies). Those do not count as the contact's doing.</summary>
    public const string MachineFlag = "machine";

    /// <summary>The member a filter means. Where a reference and a text share a key (<c>field</c> of <c>field.changed</c>), the form of the value decides.</summary>
    public ActivityMember? Find(string key, JsonElement value)
    {
        var named = Members.Where(m => string.Equals(m.Key, key, StringComparison.Ordinal)).ToList();
        return named.Count < 2 ? named.FirstOrDefault() : named.Find(m => m.Kind == (IsNumber(value) ? MemberKind.Reference : MemberKind.Text));
    }

    private static bool IsNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsNumber));
}

/// <summary>The shapes of all registered kinds.</summary>
internal sealed class ActivityShapes(ActivityKinds kinds, Catalogue<ReferenceSource> sources)
{
    private readonly ConcurrentDictionary<string, ActivityShape?> _shapes = new(StringComparer.Ordinal);

    /// <summary>Those that happen to a contact.</summary>
    public IEnumerable<ActivityShape> All => kinds.All.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => Find(k.Key)!);

    // Only known keys are kept, or strangers could fill the memory.
    public ActivityShape? Find(string key) => kinds.Find(key) is { } kind ? _shapes.GetOrAdd(key, _ => Read(kind)) : null;

    private ActivityShape Read(ActivityKind kind)
    {
        var members = kind.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.Name is not (nameof(IActivity.ContactId) or "EqualityContract") && p.GetIndexParameters().Length == 0)
            .Select(p => Member(p, string.Equals(p.Name, kind.Subject?.Name, StringComparison.Ordinal)))
            .OfType<ActivityMember>()
            .OrderByDescending(m => m.IsSubject)
            .ToList();
        return new ActivityShape(kind, members);
    }

    private ActivityMember? Member(PropertyInfo property, bool isSubject)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var column = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        if (type == typeof(long) && (isSubject || column.EndsWith("_id", StringComparison.Ordinal)))
        {
            var key = column.EndsWith("_id", StringComparison.Ordinal) ? column[..^3] : column;
            return new ActivityMember(key, MemberKind.Reference, isSubject ? string.Empty : column, sources.Find(key)?.Key);
        }

        return type switch
        {
            _ when type == typeof(string) || type.IsEnum => new ActivityMember(column, MemberKind.Text, column, Source: null),
            _ when type == typeof(bool) => new ActivityMember(column, MemberKind.Flag, column, Source: null),
            _ when type == typeof(int) || type == typeof(long) || type == typeof(decimal) || type == typeof(double) || type == typeof(short) =>
                new ActivityMember(column, MemberKind.Number, column, Source: null),
            _ => null,
        };
    }
}
