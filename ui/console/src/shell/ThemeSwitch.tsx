import { Monitor, Moon, Sun } from "lucide-react";
import { ToggleGroup } from "radix-ui";
import { setTheme, type Theme, useTheme } from "@/theme/theme";

const CHOICES: { value: Theme; label: string; icon: typeof Sun }[] = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "system", label: "Same as the system", icon: Monitor },
];

export function ThemeSwitch() {
  const theme = useTheme();
  return (
    <ToggleGroup.Root
      type="single"
      value={theme}
      onValueChange={(value) => value !== "" && setTheme(value as Theme)}
      aria-label="Theme"
      className="border-line bg-sunken flex rounded-md border p-0.5"
    >
      {CHOICES.map(({ value, label, icon: Icon }) => (
        <ToggleGroup.Item
          key={value}
          value={value}
          aria-label={label}
          title={label}
          className="text-faint hover:text-ink data-[state=on]:bg-raised data-[state=on]:text-ink flex h-6 flex-1 items-center justify-center rounded px-2 data-[state=on]:shadow-sm pointer-coarse:h-9"
        >
          <Icon aria-hidden className="size-3.5" />
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
