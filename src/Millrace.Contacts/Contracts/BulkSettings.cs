using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Contracts;

/// <summary>Reads the options of a bulk action and looks up the things they point to.</summary>
public sealed class BulkSettings(Catalogue<ReferenceSource> sources)
{
    /// <exception cref="InvalidInputException">An option is wrong, or points to something that is not there.</exception>
    public async Task<(object Settings, string Title)> ReadAsync(
        AccountTransaction work, long accountId, BulkAction action, JsonElement json, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        if (SettingsReader.Read(action.SettingsType, json, "/settings", errors) is not { } settings)
        {
            throw new InvalidInputException(errors);
        }

        var names = new Dictionary<(string Source, long Id), string>();
        foreach (var member in SettingsShape.Of(action.SettingsType).Members)
        {
            if (member.Source is not { } key || member.Property.GetValue(settings) is not long id)
            {
                continue;
            }

            var found = sources.Find(key) is { } source ? await source.ByIdsAsync(work, accountId, [id], cancellationToken) : [];
            if (found is [var only])
            {
                names[(key, id)] = only.Name;
            }
            else
            {
                errors.Add(new FieldError($"/settings/{member.Key}", "reference_missing", $"There is no such {key}."));
            }
        }

        return errors.Count > 0
            ? throw new InvalidInputException(errors)
            : (settings, Shorten(action.Describe(settings, (source, id) => names.GetValueOrDefault((source, id), "?"))));
    }

    /// <summary>As they were stored at the start.</summary>
    public static object FromStored(BulkAction action, JsonElement json)
    {
        var errors = new List<FieldError>();
        return SettingsReader.Read(action.SettingsType, json, "/settings", errors) ?? throw new InvalidInputException(errors);
    }

    private static string Shorten(string title) => title.Length <= 500 ? title : StorableText.Cut(title, 499) + "…";
}
