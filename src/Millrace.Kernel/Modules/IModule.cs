using Microsoft.Extensions.Hosting;

namespace Millrace.Kernel.Modules;

/// <summary>One module of the product. Only services are registered by hand; endpoints and catalogue entries are found by the scan.</summary>
public interface IModule
{
    /// <summary>Lower-case name, also the module's database schema.</summary>
    static abstract string Name { get; }

    static abstract void AddServices(IHostApplicationBuilder builder);
}
