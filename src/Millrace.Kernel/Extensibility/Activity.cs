using System.Reflection;
using Millrace.Kernel.Modules;

namespace Millrace.Kernel.Extensibility;

/// <summary>Something that happened. Past tense, flat, ids not names. A shipped kind is never renamed and only gains optional members.</summary>
public interface IActivity
{
    /// <summary>The contact it happened to; 0 when it concerns none.</summary>
    long ContactId { get; }
}

/// <summary>Names the kind of an activity record: <c>noun.verb_in_past</c>.</summary>
public sealed class ActivityKindAttribute(string kind) : CatalogueEntryAttribute(kind)
{
    /// <summary>No contact that can be looked for ever did it: about none, or about one that is gone. It is not offered among what contacts did.</summary>
    public bool IsNobodys { get; init; }
}

/// <summary>Marks the one member that says what the activity is about (tag, list, field, message ...). It becomes the log's <c>subject_id</c> column.</summary>
/// <param name="source">Key of the <see cref="ReferenceSource"/> that knows its name; null: the kind's first word.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class SubjectAttribute(string? source = null) : Attribute
{
    public string? Source { get; } = source;
}

/// <summary>One kind of activity, as the scan found it.</summary>
/// <param name="SubjectSource">Key of the reference source that knows the subject's name.</param>
/// <param name="IsNobodys">Never stands in the log of a contact that is there.</param>
public sealed record ActivityKind(string Key, string Title, string Group, Type Type, PropertyInfo? Subject, string SubjectSource, bool IsNobodys = false);

/// <summary>All activity kinds of the product, by key and by type.</summary>
public sealed class ActivityKinds
{
    private readonly Dictionary<string, ActivityKind> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, ActivityKind> _byType = [];

    public ActivityKinds(ModuleCatalog modules)
    {
        foreach (var (type, mark) in modules.Marked<ActivityKindAttribute>())
        {
            var parameter = type.GetConstructors().SelectMany(c => c.GetParameters()).FirstOrDefault(p => p.GetCustomAttribute<SubjectAttribute>() is not null);
            var subject = type.GetProperties().FirstOrDefault(p => p.GetCustomAttribute<SubjectAttribute>() is not null || p.Name == parameter?.Name);
            var kind = new ActivityKind(
                mark.Key, mark.Title, mark.Group, type, subject, subject?.GetCustomAttribute<SubjectAttribute>()?.Source ?? mark.Key.Split('.')[0], mark.IsNobodys);
            _byKey.Add(mark.Key, kind);
            _byType.Add(type, kind);
        }
    }

    public IReadOnlyCollection<ActivityKind> All => _byKey.Values;

    public ActivityKind? Find(string key) => _byKey.GetValueOrDefault(key);

    public ActivityKind Of(Type type) => _byType[type];
}
