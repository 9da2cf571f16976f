using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(PhoenixCore.Bench.Micro.TransferBenchmarks).Assembly).Run(args);
