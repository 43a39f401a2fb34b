using System.Collections.Frozen;
using System.Reflection;

namespace Millrace.Messaging.Design;

/// <summary>Marks a <see cref="MailBlock"/>; found by the scan. Keys stand in stored designs: never change one.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class MailBlockAttribute(string key) : Attribute
{
    public string Key { get; } = key;

    public required string Title { get; init; }

    public required string Group { get; init; }
}

/// <summary>One kind of block: describes its options, and renders to HTML and text with the tags still inside. Stateless.</summary>
internal abstract class MailBlock
{
    public abstract IReadOnlyList<BlockOption> Options { get; }

    /// <summary>The block's HTML for the inside of a table cell; styles inline.</summary>
    public abstract string ToHtml(BlockInput block);

    /// <summary>The block in the text part; empty for none.</summary>
    public abstract string ToText(BlockInput block);
}

/// <summary>The block kinds there are.</summary>
internal static class BlockCatalogue
{
    private static readonly FrozenDictionary<string, (BlockDescription Description, MailBlock Block)> Blocks = (
        from type in typeof(BlockCatalogue).Assembly.GetTypes()
        let mark = type.GetCustomAttribute<MailBlockAttribute>()
        where mark is not null
        let block = (MailBlock)Activator.CreateInstance(type)!
        select (Description: new BlockDescription(mark.Key, mark.Title, mark.Group, block.Options), Block: block))
        .ToFrozenDictionary(b => b.Description.Key, StringComparer.Ordinal);

    public static IReadOnlyList<BlockDescription> All => [.. Blocks.Values.Select(b => b.Description).OrderBy(b => b.Group, StringComparer.Ordinal)];

    public static MailBlock? Find(string key) => Blocks.GetValueOrDefault(key).Block;
}
