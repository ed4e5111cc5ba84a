namespace AspireGateway.AppHost.Tests.IdentityProviders;

public sealed class ContainerRuntimeTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runtimes-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_first_one_that_answers_is_taken()
    {
        FakeKeycloak.SkipOnWindows();
        var (stopped, running) = (Program("docker", "exit 1"), Program("podman", "exit 0"));

        ContainerRuntime.Find(["/nowhere/docker", stopped, running], Long).ShouldBe(running);
    }

    [Fact]
    public void Without_any_there_is_none()
    {
        FakeKeycloak.SkipOnWindows();

        ContainerRuntime.Find(["/nowhere/docker", Program("podman", "exit 125")], Long).ShouldBeNull();
    }

    [Fact]
    public void One_that_hangs_does_not_hold_up_the_start()
    {
        FakeKeycloak.SkipOnWindows();

        ContainerRuntime.Find([Program("docker", "exec sleep 600")], TimeSpan.FromMilliseconds(50)).ShouldBeNull();
    }

    private string Program(string name, string script)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        return file;
    }
}
