using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Modules;

namespace Millrace.Api.Resources;

/// <summary>Every resource of <c>/api/3</c>, found by the scan of all modules.</summary>
public sealed class V3Resources
{
    private readonly Dictionary<string, V3Resource> _byPlural;
    private readonly Dictionary<Type, V3Resource> _byType;

    public V3Resources(ModuleCatalog modules, IServiceProvider services)
    {
        _byType = modules.TypesOf<V3Resource>().ToDictionary(t => t, t => (V3Resource)ActivatorUtilities.CreateInstance(services, t));
        _byPlural = _byType.Values.ToDictionary(r => r.Plural, StringComparer.Ordinal);
    }

    public IEnumerable<V3Resource> All => _byPlural.Values.OrderBy(r => r.Plural, StringComparer.Ordinal);

    public TResource Get<TResource>()
        where TResource : V3Resource => (TResource)_byType[typeof(TResource)];

    /// <param name="plural">The root of its collection, for example <c>contactTags</c>.</param>
    /// <returns>Null when no module has it.</returns>
    public V3Resource? Find(string plural) => _byPlural.GetValueOrDefault(plural);
}
