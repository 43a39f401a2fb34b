using System.Text.Json;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Json;

namespace Millrace.Kernel.Extensibility;

/// <summary>Reads a settings record from JSON, strictly, and tells everything that is wrong with it at once.</summary>
public static class SettingsReader
{
    /// <param name="type">The record.</param>
    /// <param name="json">An object whose members are the options; other members of the same object are named in <paramref name="around"/>.</param>
    /// <param name="pointer">JSON pointer of the object.</param>
    /// <param name="errors">Gains one entry per problem.</param>
    /// <param name="around">Members that belong to the frame around the settings (<c>id</c>, <c>type</c>, branches).</param>
    /// <param name="published">Whether members that only the server writes are let through.</param>
    /// <returns>The record, or null when something was wrong.</returns>
    public static object? Read(
        Type type, JsonElement json, string pointer, List<FieldError> errors, IReadOnlySet<string>? around = null, bool published = false)
    {
        var before = errors.Count;
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new FieldError(pointer, "wrong_type", "An object is needed here."));
            return null;
        }

        var shape = SettingsShape.Of(type);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var buffer = new MemoryStream();
        using (var own = new Utf8JsonWriter(buffer))
        {
            own.WriteStartObject();
            foreach (var (name, value) in json.EnumerateObject().Select(p => (p.Name, p.Value)))
            {
                if (around?.Contains(name) == true)
                {
                    continue;
                }

                var at = $"{pointer}/{Escape(name)}";
                if (!seen.Add(name))
                {
                    errors.Add(new FieldError(at, "duplicate_key", $"{name} is given twice."));
                }
                else if (shape.Find(name) is not { } member || (member.IsHidden && !published))
                {
                    errors.Add(new FieldError(at, "unknown_key", $"There is no option {name} here."));
                }
                else if (Check(member, value, at, errors, published))
                {
                    own.WritePropertyName(name);
                    value.WriteTo(own);
                }
            }

            own.WriteEndObject();
        }

        foreach (var missing in shape.Members.Where(m => m.IsRequired && !seen.Contains(m.Key)))
        {
            errors.Add(new FieldError($"{pointer}/{missing.Key}", "required", $"{missing.Label} is required."));
        }

        if (errors.Count > before)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), type, AppJson.Options);
        }
        catch (JsonException e)
        {
            errors.Add(new FieldError(pointer + AppJson.Pointer(e.Path).TrimEnd('/'), "invalid", "This value cannot be used here."));
            return null;
        }
    }

    private static bool Check(SettingsMember member, JsonElement value, string at, List<FieldError> errors, bool published)
    {
        var before = errors.Count;
        if (value.ValueKind == JsonValueKind.Null)
        {
            return CheckType(member, value, at, errors);
        }

        if (member.Group is { } group)
        {
            if (member.Element is null)
            {
                Read(group, value, at, errors, published: published);
            }
            else if (value.ValueKind != JsonValueKind.Array)
            {
                errors.Add(new FieldError(at, "wrong_type", "A list is needed here."));
            }
            else
            {
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Read(group, item, $"{at}/{index}", errors, published: published);
                }
            }
        }
        else if (CheckType(member, value, at, errors))
        {
            CheckValue(member, value, at, errors);
        }

        return errors.Count == before;
    }

    private static bool CheckType(SettingsMember member, JsonElement value, string at, List<FieldError> errors)
    {
        try
        {
            if (value.ValueKind == JsonValueKind.Null && !TakesNull(member))
            {
                errors.Add(new FieldError(at, "wrong_type", "A value is needed here."));
                return false;
            }

            value.Deserialize(member.Property.PropertyType, AppJson.Options);
            return true;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            errors.Add(new FieldError(at, "wrong_type", member.Source is not null
                ? $"The id of a {member.Source} is needed here."
                : "This value has the wrong type or is not among the choices."));
            return false;
        }
    }

    private static bool TakesNull(SettingsMember member) =>
        Nullable.GetUnderlyingType(member.Property.PropertyType) is not null
        || (!member.Property.PropertyType.IsValueType
            && new System.Reflection.NullabilityInfoContext().Create(member.Property).WriteState == System.Reflection.NullabilityState.Nullable);

    private static void CheckValue(SettingsMember member, JsonElement value, string at, List<FieldError> errors)
    {
        var texts = value.ValueKind switch
        {
            JsonValueKind.String => [(at, value.GetString()!)],
            JsonValueKind.Array => value.EnumerateArray().Index().Where(i => i.Item.ValueKind == JsonValueKind.String)
                .Select(i => ($"{at}/{i.Index}", i.Item.GetString()!)),
            _ => Enumerable.Empty<(string, string)>(),
        };
        foreach (var (where, text) in texts)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                errors.Add(new FieldError(where, "invalid_text", "The text holds a character that cannot be stored."));
            }
            else if (member.IsDuration && !IsoDuration.TryParse(text, out _))
            {
                errors.Add(new FieldError(where, "invalid_duration", "An ISO 8601 duration longer than zero is needed, for example P2D or PT30M."));
            }
            else if (member.Choices is { } choices && !choices.Contains(text, StringComparer.Ordinal))
            {
                errors.Add(new FieldError(where, "unknown_choice", $"One of {string.Join(", ", choices)} is needed."));
            }
            else if (member.MaxCharacters is { } limit && text.Length > limit)
            {
                errors.Add(new FieldError(where, "too_long", $"At most {limit} characters."));
            }
            else if (member.IsRequired && member.Property.PropertyType == typeof(string) && string.IsNullOrWhiteSpace(text))
            {
                errors.Add(new FieldError(where, "required", $"{member.Label} is required."));
            }
        }
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
