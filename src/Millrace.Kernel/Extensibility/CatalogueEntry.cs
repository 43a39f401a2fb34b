using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Modules;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a class as an entry of a catalogue. The scan finds it; nothing else has to be registered.</summary>
/// <param name="key">Shaped <c>noun.verb</c> for most catalogues; never changed once shipped.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public abstract class CatalogueEntryAttribute(string key) : Attribute
{
    public string Key { get; } = key;

    /// <summary>What a person reads in a list, sentence case.</summary>
    public required string Title { get; init; }

    /// <summary>Heading under which pickers show it.</summary>
    public string Group { get; init; } = string.Empty;

    /// <summary>One sentence of help.</summary>
    public string Description { get; init; } = string.Empty;
}

/// <summary>An entry of a catalogue: it describes itself by its attribute and does its work in its own way.</summary>
public abstract class CatalogueEntry
{
    private CatalogueEntryAttribute? _mark;

    public string Key => Mark.Key;

    public string Title => Mark.Title;

    public string Group => Mark.Group;

    public string Description => Mark.Description;

    protected CatalogueEntryAttribute Mark => _mark ??= GetType().GetCustomAttribute<CatalogueEntryAttribute>(inherit: false)
        ?? throw new InvalidOperationException($"{GetType()} carries no catalogue attribute.");
}

/// <summary>All entries of one kind, each made once, with its services injected.</summary>
public sealed class Catalogue<TEntry>
    where TEntry : CatalogueEntry
{
    private readonly SortedDictionary<string, TEntry> _entries = new(StringComparer.Ordinal);

    public Catalogue(ModuleCatalog modules, IServiceProvider services)
    {
        foreach (var type in modules.TypesOf<TEntry>())
        {
            var entry = (TEntry)ActivatorUtilities.CreateInstance(services, type);
            if (!_entries.TryAdd(entry.Key, entry))
            {
                throw new InvalidOperationException($"The key {entry.Key} is used by {type} and {_entries[entry.Key].GetType()}.");
            }
        }
    }

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyCollection<TEntry> All => _entries.Values;

    public TEntry? Find(string key) => _entries.GetValueOrDefault(key);
}
