using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Millrace.Kernel.Modules;

/// <summary>The modules of this process in the order in which they were added, and what the scan finds in them.</summary>
public sealed class ModuleCatalog
{
    private readonly List<(string Name, Assembly Assembly)> _modules = [("kernel", typeof(ModuleCatalog).Assembly)];

    public IReadOnlyList<(string Name, Assembly Assembly)> Modules => _modules;

    internal void Add(string name, Assembly assembly) => _modules.Add((name, assembly));

    /// <summary>Every concrete class that can be used as <typeparamref name="T"/>, in a stable order.</summary>
    public IEnumerable<Type> TypesOf<T>() => Types().Where(t => typeof(T).IsAssignableFrom(t));

    /// <summary>Every concrete class that carries the attribute, in a stable order.</summary>
    public IEnumerable<(Type Type, TAttribute Mark)> Marked<TAttribute>()
        where TAttribute : Attribute =>
        Types().Select(t => (Type: t, Mark: t.GetCustomAttribute<TAttribute>(inherit: false))).Where(x => x.Mark is not null).Select(x => (x.Type, x.Mark!));

    /// <summary>Maps every endpoint of every module.</summary>
    public void MapEndpoints(ModuleRoutes routes)
    {
        foreach (var type in Types().Where(t => t.GetInterfaces().Contains(typeof(IEndpoint))))
        {
            type.GetMethod(nameof(IEndpoint.Map), BindingFlags.Public | BindingFlags.Static, [typeof(ModuleRoutes)])!.Invoke(null, [routes]);
        }
    }

    private IEnumerable<Type> Types() => _modules.SelectMany(m => m.Assembly.GetTypes())
        .Where(t => t is { IsAbstract: false, IsClass: true } && !t.ContainsGenericParameters)
        .OrderBy(t => t.FullName, StringComparer.Ordinal);
}

public static class ModuleRegistration
{
    /// <summary>Adds a module: its services, its migrations, and everything the scan finds in its assembly.</summary>
    public static IHostApplicationBuilder AddModule<TModule>(this IHostApplicationBuilder builder)
        where TModule : IModule
    {
        Catalog(builder).Add(TModule.Name, typeof(TModule).Assembly);
        TModule.AddServices(builder);
        return builder;
    }

    /// <summary>The catalog of this builder; made at first use.</summary>
    public static ModuleCatalog Catalog(this IHostApplicationBuilder builder)
    {
        if (builder.Services.FirstOrDefault(s => s.ServiceType == typeof(ModuleCatalog))?.ImplementationInstance is ModuleCatalog existing)
        {
            return existing;
        }

        var catalog = new ModuleCatalog();
        builder.Services.AddSingleton(catalog);
        return catalog;
    }
}
