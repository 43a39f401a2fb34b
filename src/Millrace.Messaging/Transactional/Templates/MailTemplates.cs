using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Messaging.Transactional.Templating;
using Npgsql;

namespace Millrace.Messaging.Transactional.Templates;

/// <summary>A template by number or by alias.</summary>
internal sealed record TemplateKey(long? Id, string? Alias)
{
    /// <summary>What an address names: a number is an id, everything else an alias.</summary>
    public static TemplateKey Of(string idOrAlias) =>
        long.TryParse(idOrAlias, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new(id, null) : new(null, idOrAlias.ToLowerInvariant());

    public override string ToString() => Id?.ToString(CultureInfo.InvariantCulture) ?? $"\"{(Alias!.Length > 100 ? Alias[..100] : Alias)}\"";
}

/// <summary>Why a template could not be filled, with the part and the place.</summary>
internal sealed class ModelTemplateProblem(string message) : Exception(message);

/// <summary>A template and its layout, parsed.</summary>
internal sealed record LoadedTemplate(long Id, bool IsLayout, ModelTemplate Subject, ModelTemplate? Html, ModelTemplate? Text, ModelTemplate? LayoutHtml, ModelTemplate? LayoutText)
{
    /// <exception cref="ModelTemplateProblem">A loop turns too often, or the result is too long.</exception>
    public (string Subject, string Html, string Text) Render(JsonElement model) => (
        Part("Subject", Subject, null, model, encode: false), Part("HtmlBody", Html, LayoutHtml, model, encode: true), Part("TextBody", Text, LayoutText, model, encode: false));

    private static string Part(string name, ModelTemplate? template, ModelTemplate? layout, JsonElement model, bool encode)
    {
        if (template is null)
        {
            return "";
        }

        try
        {
            var inner = template.Render(model, encode);
            return layout is null ? inner : layout.Render(model, encode, inner);
        }
        catch (ModelTemplateException e)
        {
            throw new ModelTemplateProblem($"{name}, line {e.Line}, column {e.Column}: {e.Message}");
        }
    }
}

/// <summary>Templates of a server, parsed once as long as they do not change.</summary>
internal sealed class MailTemplates
{
    private const int MaxCached = 500;
    private readonly ConcurrentDictionary<(long Account, long Id, DateTimeOffset Changed, long Layout, DateTimeOffset? LayoutChanged), LoadedTemplate> _parsed = new();

    public async Task<IReadOnlyDictionary<TemplateKey, LoadedTemplate>> LoadAsync(
        NpgsqlTransaction transaction, long accountId, long serverId, IReadOnlyCollection<TemplateKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return new Dictionary<TemplateKey, LoadedTemplate>();
        }

        var (ids, aliases) = (keys.Where(k => k.Id is not null).Select(k => k.Id!.Value).Distinct().ToArray(), keys.Where(k => k.Alias is not null).Select(k => k.Alias!).Distinct(StringComparer.Ordinal).ToArray());
        var rows = await Sql.Of($"""
            select t.id, lower(t.alias), t.is_layout, t.subject, t.html, t.text, t.updated_at, coalesce(l.id, 0), l.html, l.text, l.updated_at
            from messaging.mail_template t left join messaging.mail_template l on l.account_id = t.account_id and l.id = t.layout_id
            where t.account_id = {accountId} and t.server_id = {serverId} and (t.id = any ({ids}) or lower(t.alias) = any ({aliases}))
            """).ListAsync<Row>(transaction, cancellationToken);
        var loaded = new Dictionary<TemplateKey, LoadedTemplate>();
        foreach (var row in rows)
        {
            var template = Parsed(accountId, row);
            loaded[new TemplateKey(row.Id, null)] = template;
            if (row.Alias is not null)
            {
                loaded[new TemplateKey(null, row.Alias)] = template;
            }
        }

        return loaded;
    }

    private LoadedTemplate Parsed(long accountId, Row row)
    {
        var key = (accountId, row.Id, row.UpdatedAt, row.LayoutId, row.LayoutUpdatedAt);
        if (_parsed.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_parsed.Count >= MaxCached)
        {
            _parsed.Clear();
        }

        // What was saved has been parsed before, so it parses now.
        return _parsed[key] = new LoadedTemplate(
            row.Id, row.IsLayout, ModelTemplate.Parse(row.Subject), Of(row.Html), Of(row.Text), Of(row.LayoutHtml), Of(row.LayoutText));
    }

    private static ModelTemplate? Of(string? source) => string.IsNullOrEmpty(source) ? null : ModelTemplate.Parse(source);

    private sealed record Row(
        long Id, string? Alias, bool IsLayout, string Subject, string Html, string Text, DateTimeOffset UpdatedAt, long LayoutId, string? LayoutHtml, string? LayoutText,
        DateTimeOffset? LayoutUpdatedAt);
}
