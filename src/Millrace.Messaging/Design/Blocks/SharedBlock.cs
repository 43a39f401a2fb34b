namespace Millrace.Messaging.Design.Blocks;

/// <summary>
/// A block of the account's shared parts, as it is when the mail goes out. Before rendering its source stands in its place, so what comes here is one
/// whose source is gone.
/// </summary>
[MailBlock(Key, Title = "Shared block", Group = "Shared")]
internal sealed class SharedBlock : MailBlock
{
    public const string Key = "shared";

    public override IReadOnlyList<BlockOption> Options { get; } = [new("part", "Shared part", "integer") { Required = true, Least = 1, Most = int.MaxValue }];

    public override string ToHtml(BlockInput block)
    {
        block.Warn("shared_missing", "The shared block was deleted.");
        return "";
    }

    public override string ToText(BlockInput block) => "";
}
