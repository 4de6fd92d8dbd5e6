-- `:checkhealth tensorhints`
local M = {}

function M.check()
  local health = vim.health
  health.start('Tensor Hints')
  if vim.fn.has('nvim-0.10') == 1 then
    local version = vim.version()
    health.ok(('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch))
  else
    health.error('Neovim is too old', 'Inlay hints need Neovim 0.10 or later.')
  end
  local options = require('tensorhints').options
  if not options then
    health.error('setup() was not called', "Write require('tensorhints').setup() into init.lua.")
    return
  end
  local program = options.cmd[1]
  if vim.fn.executable(program) == 0 then
    health.error(program .. ' is not found', 'Install it, for example with “pipx install tensorhints”, or set `cmd`.')
    return
  end
  health.ok('server: ' .. vim.fn.exepath(program))
  local ran = vim.system({ program, 'doctor', '--json' }, { text = true }):wait(120000)
  local is_json, found = pcall(vim.json.decode, ran.stdout or '')
  if not is_json then
    health.error('“tensorhints doctor” gave no answer', vim.split(vim.trim(ran.stderr or ''), '\n'))
    return
  end
  health.info(('Python %s, PyTorch %s, %s'):format(found.python, found.torch, table.concat(found.devices, ', ')))
  health.info('programs run in ' .. found.interpreter.path)
  for _, problem in ipairs(found.problems) do health.error(problem) end
  if #found.problems == 0 then health.ok('programs run and give hints') end
  local clients = vim.lsp.get_clients({ name = 'tensorhints' })
  if #clients == 0 then
    health.info('no Python file is open: the server is not running')
  else
    health.ok('the server is running')
  end
end

return M
