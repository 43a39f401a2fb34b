using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Checks;

/// <summary>What cannot be sent, and tags that are none: typos, with what was probably meant.</summary>
[ContentCheck("tags.known", Title = "Personalization tags", Order = 10)]
internal sealed class KnownTagsCheck : ContentCheck
{
    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken)
    {
        var inPieces = content.Pieces.SelectMany(p => Of(p.Path, p.Html, TemplateKind.Html, content)).ToList();
        var elsewhere = content.Problems.Where(p => !inPieces.Exists(f => f.Severity == ContentSeverity.Error) || p.Path != "/html")
            .Select(p => new ContentFinding(p.Code, ContentSeverity.Error, p.Path.StartsWith("/design", StringComparison.Ordinal) ? p.Path["/design".Length..] : p.Path, p.Message));
        return Found(elsewhere
            .Concat(Of("/subject", content.Content.Subject, TemplateKind.Header, content, problems: false))
            .Concat(Of("/preheader", content.Content.Preheader, TemplateKind.Header, content, problems: false))
            .Concat(Of("/from_name", content.Content.FromName, TemplateKind.Header, content, problems: false))
            .Concat(Of("/text", content.Content.Text, TemplateKind.Text, content, problems: false))
            .Concat(inPieces)
            .DistinctBy(f => (f.Code, f.Path, f.Message)));
    }

    private static IEnumerable<ContentFinding> Of(string path, string source, TemplateKind kind, ContentUnderCheck content, bool problems = true)
    {
        TemplateProblem? problem = null;
        IReadOnlyList<TemplateProblem> warnings = [];
        try
        {
            var filled = Feeds.FeedSections.Fill(source, kind, _ => Feeds.FeedSections.Sample);
            warnings = TemplateProgram.Compile(filled, kind, content.Tags, new SlotTable { Trees = Sending.ShownParts.Most }).Warnings;
        }
        catch (TemplateInvalidException e)
        {
            problem = e.Problem;
        }

        if (problem is not null && problems)
        {
            yield return new(problem.Code, ContentSeverity.Error, path, problem.Message, PlaceOf(path, problem));
        }

        foreach (var warning in warnings)
        {
            yield return new(warning.Code, ContentSeverity.Error, path, warning.Message, PlaceOf(path, warning));
        }
    }

    /// <summary>In a design the line of the block's HTML says nothing to anybody.</summary>
    private static string? PlaceOf(string path, TemplateProblem problem) => path is "/html" or "/text" ? $"Line {problem.Line}, column {problem.Column}" : null;
}

/// <summary>Tags without a fallback that are empty for some of a sample of contacts.</summary>
[ContentCheck("tags.filled", Title = "Empty tags", Order = 20)]
internal sealed class FilledTagsCheck : ContentCheck
{
    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken)
    {
        if (content.Message is not { } message || content.Contexts.Count == 0)
        {
            return Found([]);
        }

        var names = message.Slots.Names;
        var used = new[] { ("/subject", message.Subject), ("/from_name", message.FromName), ("", message.Html), ("", message.Text) }
            .SelectMany(p => p.Item2.Unsecured.Select(u => (u.Name, Path: p.Item1))).GroupBy(u => u.Name, StringComparer.Ordinal);
        return Found(
            from use in used
            where message.Tags.Find(use.Key) is { Type: not TagType.Link }
            let slot = names.ToList().IndexOf(use.Key)
            let empty = content.Contexts.Count(c => string.IsNullOrEmpty(c.Context.Values[slot]))
            where empty > 0
            let path = use.Select(u => u.Path).FirstOrDefault(p => p.Length > 0)
                ?? content.Pieces.FirstOrDefault(p => p.Html.Contains($"%{use.Key}", StringComparison.Ordinal))?.Path ?? ""
            select new ContentFinding(
                "empty_tag", empty * 2 >= content.Contexts.Count ? ContentSeverity.Warning : ContentSeverity.Note, path,
                $"%{use.Key}% is empty for {empty} of {content.Contexts.Count} contacts. Give it a fallback: %{use.Key}|friend%.", $"%{use.Key}%"));
    }
}
