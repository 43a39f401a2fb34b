using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Design.Blocks;
using Npgsql;

namespace Millrace.Messaging.Design.Parts;

/// <summary>
/// Puts the content of shared parts where a design names them. Done each time a mail is frozen, so a change of the part is in all mails that go out
/// after it; what was frozen before stays as it was.
/// </summary>
internal static class SharedParts
{
    private sealed record Source(long Id, JsonElement Section);

    /// <summary>The content with the parts in their places. Parts that are gone are left named.</summary>
    public static async Task<MessageContent> ResolveAsync(NpgsqlTransaction transaction, long accountId, MessageContent content, CancellationToken cancellationToken)
    {
        // Most mails name none, and this runs for every batch of an automation.
        if (content.Design is not { ValueKind: JsonValueKind.Object } document || !document.GetRawText().Contains("\"shared\"", StringComparison.Ordinal))
        {
            return content;
        }

        MailDesign design;
        try
        {
            design = DesignJson.Read(document.GetRawText());
        }
        catch (DesignInvalidException)
        {
            return content; // Said where it is compiled.
        }

        var ids = IdsIn(design.Sections).ToArray();
        if (ids.Length == 0)
        {
            return content;
        }

        var sources = await Sql.Of($"select id, section from messaging.design_part where account_id = {accountId} and id = any({ids}) and is_shared")
            .ListAsync<Source>(transaction, cancellationToken);
        var parts = sources.ToDictionary(s => s.Id, s => DesignJson.ReadSection(s.Section.GetRawText()));
        return content with { Design = JsonElement.Parse(DesignJson.Write(Expand(design, parts))) };
    }

    /// <exception cref="InvalidInputException">422 <c>shared_missing</c>: a part was deleted, and the mail must not go out without it.</exception>
    public static void CheckResolved(MessageContent content)
    {
        if (content.Design is { ValueKind: JsonValueKind.Object } document && document.GetRawText().Contains("\"shared\"", StringComparison.Ordinal)
            && IdsIn(DesignJson.Read(document.GetRawText()).Sections).Any())
        {
            throw new InvalidInputException("/design", "shared_missing", "A shared part of this mail was deleted.");
        }
    }

    public static MailDesign Expand(MailDesign design, IReadOnlyDictionary<long, DesignSection> parts) => design with
    {
        Sections = [.. design.Sections.Select(s => s.Shared is { } id && parts.TryGetValue(id, out var part) ? Placed(part, s) : Expand(s, parts))],
    };

    /// <summary>The parts that are named, each once.</summary>
    public static IEnumerable<long> IdsIn(IEnumerable<DesignSection> sections) => sections
        .SelectMany(s => s.Columns.SelectMany(c => c.Blocks).Select(PartOf).Append(s.Shared)).OfType<long>().Distinct();

    private static DesignSection Expand(DesignSection section, IReadOnlyDictionary<long, DesignSection> parts) => section with
    {
        Columns = [.. section.Columns.Select(c => c with
        {
            Blocks = [.. c.Blocks.Select(b => PartOf(b) is { } id && parts.TryGetValue(id, out var part) && part.Columns is [{ Blocks: [var own, ..] }, ..] ? Placed(own, b) : b)],
        })],
    };

    /// <summary>When and where it is shown is the business of the mail that names it.</summary>
    private static DesignSection Placed(DesignSection part, DesignSection at) => part with
    {
        HideOn = at.HideOn ?? part.HideOn,
        ShowWhen = at.ShowWhen ?? part.ShowWhen,
        Conditions = at.Conditions ?? part.Conditions,
        Name = at.Name ?? part.Name,
    };

    private static DesignBlock Placed(DesignBlock own, DesignBlock at) => own with
    {
        SpaceBelow = at.SpaceBelow,
        HideOn = at.HideOn ?? own.HideOn,
        ShowWhen = at.ShowWhen ?? own.ShowWhen,
        Conditions = at.Conditions ?? own.Conditions,
        MobileSpace = at.MobileSpace ?? own.MobileSpace,
    };

    private static long? PartOf(DesignBlock block) =>
        block.Kind is SharedBlock.Key && block.Options.TryGetValue("part", out var id) && id.TryGetInt64(out var number) ? number : null;
}
